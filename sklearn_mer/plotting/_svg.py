"""Pictures inside of pages."""

from xml.dom import minidom


def inline_svg(svg, name, description):
    """Return the ``<svg>`` element of a file, to stand in a page beside others.

    Parameters
    ----------
    svg : str
        The text of the file.
    name : str
        Put in front of identifiers, because those of two pictures can be equal.
    description : str
        What screen readers read out.

    Returns
    -------
    str
        The element, without the file's head.
    """
    root = minidom.parseString(svg.encode("utf-8")).documentElement
    for element in [root, *root.getElementsByTagName("*")]:
        for attribute in list(element.attributes.values()):
            value = attribute.value
            if attribute.name == "id":
                attribute.value = f"{name}-{value}"
            elif attribute.name == "xlink:href" and value.startswith("#"):
                attribute.value = f"#{name}-{value[1:]}"
            elif "url(#" in value:
                attribute.value = value.replace("url(#", f"url(#{name}-")
    root.setAttribute("role", "img")
    root.setAttribute("aria-label", description)
    return root.toxml()
