"""Charts of a quarter as Vega-Lite specifications: pure functions of a board and a palette.

    sections   section_bars, performance_and_budget
    trend      trend
    shares     rating_shares (for paper; on the screen it is the legend)

Each has its figures as a sentence (``…_alt``), and those for the screen as a table (``…_table``). Without ``width`` a
chart fills its place on the screen; with one, in pixels, it is made for paper. The modules are imported one by one, so
that whoever needs only the palette does not pay for Altair.
"""
