"""Layout of a report in a workbook, shared by XLSX and XLS; its safe texts also serve CSV."""
