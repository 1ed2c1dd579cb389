"""Exclusive canonicalization by libxml2 of what stands on each line of standard input.

A line is the document in base64, the number of an element in document order, and inclusive prefixes,
separated by spaces. The answer is a line of base64, or one that begins with "!" and says why there is none.
"""

import base64
import sys

from lxml import etree

for line in sys.stdin:
    document, number, *prefixes = line.split()
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, strip_cdata=False, huge_tree=True)
        root = etree.fromstring(base64.b64decode(document), parser)
        element = list(root.iter(etree.Element))[int(number)]
        octets = etree.tostring(
            element,
            method="c14n",
            exclusive=True,
            with_comments=False,
            with_tail=False,
            inclusive_ns_prefixes=prefixes or None,
        )
        print(base64.b64encode(octets).decode())
    except etree.LxmlError as error:
        print("!", error)
