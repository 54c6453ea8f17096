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

// A body is a sentence with its rows, or the rows of a table without sentences.
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
      const grouped = table.classList.contains("claims");
      const items = [...(grouped ? table.tBodies : table.tBodies[0].rows)];
      const keyed = items.map((item) => {
        const row = grouped ? item.rows[index === 0 ? 0 : 1] : item;
        return [cellValue(row, index), item];
      });
      keyed.sort(([a], [b]) => (a === null || b === null ? compare(a, b) : down ? compare(b, a) : compare(a, b)));
      (grouped ? table : table.tBodies[0]).append(...keyed.map(([, item]) => item));
    });
  });
}

for (const section of document.querySelectorAll("section.table")) {
  const tools = section.querySelector(".tools");
  const bodies = [...section.querySelectorAll("tbody")].map((body) => {
    const [sentence, ...rows] = body.rows;
    const words = sentence.textContent.toLocaleLowerCase();
    return { body, rows: rows.map((row) => ({ row, text: words + " " + row.textContent.toLocaleLowerCase() })) };
  });
  const total = bodies.reduce((sum, { rows }) => sum + rows.length, 0);
  if (total < 2) continue;
  tools.hidden = false;
  const find = tools.querySelector(".find");
  const kind = tools.querySelector(".kind");
  const shown = tools.querySelector(".shown");
  const filter = () => {
    const words = find.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { body, rows } of bodies) {
      let here = 0;
      for (const { row, text } of rows) {
        const fits = (!kind.value || row.dataset.kind === kind.value) && words.every((word) => text.includes(word));
        row.hidden = !fits;
        here += fits;
      }
      body.hidden = here === 0;
      count += here;
    }
    shown.textContent = `${count} of ${total}`;
  };
  find.addEventListener("input", filter);
  kind.addEventListener("change", filter);
  filter();
}
