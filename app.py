"""Entry point: imported once, it is the server; run for somebody who looks at a page, it draws that page.

A run imports nothing of ours that it does not guard: what cannot be imported is told with a reference as well.
"""

from __future__ import annotations

if __name__ == "__main__":
    try:
        from services.ui.main import main
    except Exception as exc:
        from services.ui import failure

        failure.show(exc)
    else:
        main()
else:
    import streamlit as st

    from services.ui import server

    app = st.App(
        __file__,
        routes=server.routes(),
        middleware=server.middleware(),
        lifespan=server.serving,
        on_script_error=server.failed,
    )
