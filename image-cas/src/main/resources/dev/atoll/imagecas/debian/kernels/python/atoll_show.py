"""Values as maps from media type to content."""

import sys

from atoll_wire import binary

MAX_PLAIN = 1 << 20

REPRESENTATIONS = {
    "text/html": "_repr_html_",
    "text/markdown": "_repr_markdown_",
    "text/latex": "_repr_latex_",
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
    "image/jpeg": "_repr_jpeg_",
    "application/pdf": "_repr_pdf_",
    "application/json": "_repr_json_",
    "application/javascript": "_repr_javascript_",
}


def is_figure(value):
    figure = sys.modules.get("matplotlib.figure")
    return figure is not None and isinstance(value, getattr(figure, "Figure", ()))


def png(figure):
    import io

    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", bbox_inches="tight")
    return buffer.getvalue()


def bundle(value):
    """A value by media type, as the conventions of IPython have it; text/plain is always there."""
    data = {}
    if not isinstance(value, type):
        whole = called(value, "_repr_mimebundle_")
        if isinstance(whole, tuple):
            whole = whole[0]
        if isinstance(whole, dict):
            data.update(whole)
        for kind, method in REPRESENTATIONS.items():
            if kind not in data:
                one = called(value, method)
                if one is not None:
                    data[kind] = one[0] if isinstance(one, tuple) else one
        if "image/png" not in data and is_figure(value):
            data["image/png"] = png(value)
    if "text/plain" not in data:
        data["text/plain"] = plain(value)
    return data


def called(value, method):
    try:
        function = getattr(value, method, None)
        if not callable(function) or not callable(getattr(type(value), method, None)):
            return None
        return function()
    except Exception:
        return None


def plain(value):
    text = repr(value)
    return text if len(text) <= MAX_PLAIN else text[:MAX_PLAIN] + f"… ({len(text)} characters)"


def content(kind, value):
    if isinstance(value, (bytes, bytearray, memoryview)):
        return binary(bytes(value))
    if isinstance(value, str):
        return value
    import json

    return json.dumps(value, default=str)
