"""Pictures inside of pages."""

from xml.dom import minidom

from sklearn_mer.plotting import inline_svg


def test_an_inline_picture_keeps_its_text_and_renames_its_identifiers():
    text = """id="a" url(#a) xlink:href="#a" &lt;b&gt; &amp; 'co'"""
    svg = f"""<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
<clipPath id="a"/><use xlink:href="#a"/><image xlink:href="data:x"/>
<g clip-path="url(#a)"><text>{text}</text></g></svg>"""
    made = inline_svg(svg, "n", 'What "it" shows: <b>')
    assert made.startswith("<svg")
    root = minidom.parseString(made).documentElement
    assert root.getAttribute("aria-label") == 'What "it" shows: <b>'
    assert root.getElementsByTagName("clipPath")[0].getAttribute("id") == "n-a"
    assert root.getElementsByTagName("use")[0].getAttribute("xlink:href") == "#n-a"
    assert root.getElementsByTagName("image")[0].getAttribute("xlink:href") == "data:x"
    assert root.getElementsByTagName("g")[0].getAttribute("clip-path") == "url(#n-a)"
    written = root.getElementsByTagName("text")[0].firstChild.data
    assert written == """id="a" url(#a) xlink:href="#a" <b> & 'co'"""
