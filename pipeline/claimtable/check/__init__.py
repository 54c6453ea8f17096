"""What the table shows when its rows are held against one another, the calendar, and what others have checked.

Every check is a pure function over claims that yields findings: the rows, and the reasoning in a sentence. Rows that
a person rejected are in none. A check that is not sure says nothing.
"""
