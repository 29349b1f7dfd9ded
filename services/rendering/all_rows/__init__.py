"""Table of all rows of a report, one record a row, for CSV and for the data tab of workbooks.

It knows the report document and the kinds of values; formats import it, it imports no format.
"""
