"use strict";
// Sorting, finding, and lighting up what belongs together. Without this script the links between text and table still work.

const light = (anchors) => {
  for (const old of document.querySelectorAll(".lit")) old.classList.remove("lit");
  for (const anchor of anchors) {
    document.getElementById("r-" + anchor)?.classList.add("lit");
    for (const part of document.querySelectorAll(`a.claim[data-claims~="${CSS.escape(anchor)}"]`)) part.classList.add("lit");
  }
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#c-'], a[href^='#r-']");
  if (!link) return;
  const anchor = link.getAttribute("href").slice(3);
  light(link.dataset.claims ? link.dataset.claims.split(" ") : [anchor]);
});

const cellValue = (row, index) => {
  const cell = row.cells[index];
  const text = cell.dataset.sort ?? cell.textContent.trim();
  const number = Number(text);
  return text === "" ? null : Number.isNaN(number) ? text.toLocaleLowerCase() : number;
};

const compare = (a, b) => {
  if (a === null || b === null) return (a === null) - (b === null);
  if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
  return typeof a === "number" ? -1 : 1;
};

for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending" ||
        (!head.hasAttribute("aria-sort") && head.classList.contains("number"));
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const body = table.tBodies[0];
      const rows = [...body.rows].map((row) => [cellValue(row, index), row]);
      rows.sort(([a], [b]) => (a === null || b === null ? compare(a, b) : down ? compare(b, a) : compare(a, b)));
      body.append(...rows.map(([, row]) => row));
    });
  });
}

for (const section of document.querySelectorAll("section.table")) {
  const tools = section.querySelector(".tools");
  const rows = [...section.querySelectorAll("tbody tr")];
  if (rows.length < 2) continue;
  tools.hidden = false;
  const find = tools.querySelector(".find");
  const kind = tools.querySelector(".kind");
  const shown = tools.querySelector(".shown");
  const filter = () => {
    const words = find.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const text = row.textContent.toLocaleLowerCase();
      const fits = (!kind.value || row.dataset.kind === kind.value) && words.every((word) => text.includes(word));
      row.hidden = !fits;
      count += fits;
    }
    shown.textContent = `${count} of ${rows.length}`;
  };
  find.addEventListener("input", filter);
  kind.addEventListener("change", filter);
  filter();
}
