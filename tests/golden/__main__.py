"""Command that writes the golden files of formats and mails anew: `python -m tests.golden`. Review what changes."""

from services.rendering.formats.csv.csv_format import Csv
from services.rendering.formats.xlsx.xlsx_format import Xlsx
from tests.builders.golden_mails import write_golden_mails
from tests.builders.sheets import trips_report
from tests.builders.workbooks import GOLDEN, as_text, written

if __name__ == "__main__":
    report = {"rows": 9, "rows_per_part": 4, "grouped_columns": True}
    (GOLDEN / "trips.csv").write_bytes(written(Csv(), trips_report(**report)))
    (GOLDEN / "trips_workbook.txt").write_text(as_text(written(Xlsx(), trips_report(**report))), encoding="utf-8")
    write_golden_mails()
