"""Reads an offset file (発行手数料相殺残高情報) with Python's csv and cp932, adds it up anew, and says what does not agree.

    offset_read.py FILE
"""

import csv
import io
import sys

COLUMNS = "対象年月,区分,事業所番号,発行件数,発行手数料,訂正件数,訂正額,相殺額,うち消費税".split(",")


def main(path):
    raw = open(path, "rb").read()
    rows = list(csv.reader(io.StringIO(raw.decode("cp932"), newline="")))
    faults = []
    if rows[0] != COLUMNS:
        faults.append(f"columns: {rows[0]}")
    if raw.count(b"\n") != raw.count(b"\r\n"):
        faults.append("a line does not end with CR LF")
    lines, total = rows[1:-1], rows[-1]
    if [row[1] for row in rows[1:]] != ["明細"] * len(lines) + ["合計"]:
        faults.append("lines first, then one total")
    numbers = [row[2] for row in lines]
    if numbers != sorted(set(numbers)):
        faults.append("each provider once, in the order of numbers")
    for at in range(3, 9):
        added = sum(int(row[at]) for row in lines)
        if added != int(total[at]):
            faults.append(f"{COLUMNS[at]}: {added}, not {total[at]}")
    for row in lines + [total]:
        if int(row[4]) + int(row[6]) != int(row[7]):
            faults.append(f"{row[2]}: {row[4]} and {row[6]} are not {row[7]}")
    for fault in faults:
        print(fault)
    print(f"{len(lines)} lines, {total[7]} yen")
    return 1 if faults or not lines else 0


sys.exit(main(sys.argv[1]))
