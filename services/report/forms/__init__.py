"""Small papers beside the report: forms to fill in by hand, the schedule, the SOP, and the page for the Camat.

Each is one function that takes the office and gives the bytes of a PDF; the same data give the same bytes::

    entry_form_pdf(office, period, section_id, now)     services.report.forms.entry_form
    monev_form_pdf(office, period, section_id, now)     services.report.forms.monev_form
    schedule_pdf(office, period, now)                   services.report.forms.schedule
    sop_pdf(office, head, steps, now)                   services.report.forms.sop_paper
    one_page_pdf(office, period, now)                   services.report.forms.one_page
"""
