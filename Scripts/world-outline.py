#!/usr/bin/env python3
"""Writes the outlines of the world's countries as GeoKit carries them.

    Scripts/world-outline.py countries-110m.geojson > Sources/GeoKit/Maps/WorldOutline+Data.swift

The input is Natural Earth's 1:110m countries (public domain) as GeoJSON. Points are rounded to a twentieth of a
degree. Of each polygon only the outer ring is kept (a hole is another country's land or too small to see), and
beside the rings go the borders: the edges that two countries share, joined to lines.

The text holds whole numbers, five bits a character from "0" on, the low bits first, 32 added where more follow.
Signed ones are folded (0, -1, 1, -2, ...). It reads: how many lines, and for each how many points, and for each
point how far east and how far north of the point before; first the rings, then the borders.
"""

import json
import sys

STEPS_PER_DEGREE = 20
LINE_WIDTH = 100


def rounded(ring):
    points = []
    for longitude, latitude in ring:
        point = (round(longitude * STEPS_PER_DEGREE), round(latitude * STEPS_PER_DEGREE))
        if not points or points[-1] != point:
            points.append(point)
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    return points


def rings_of(collection):
    for feature in collection["features"]:
        geometry = feature["geometry"]
        polygons = geometry["coordinates"]
        if geometry["type"] == "Polygon":
            polygons = [polygons]
        for polygon in polygons:
            outer = rounded(polygon[0])
            if len(outer) >= 3:
                yield outer, [rounded(hole) for hole in polygon[1:]]


def borders_of(rings):
    """The edges that occur twice, joined to lines that are as long as they go."""
    seen, shared = set(), {}
    for ring in rings:
        for edge in zip(ring, ring[1:] + ring[:1]):
            key = tuple(sorted(edge))
            if key in seen:
                shared[key] = True
            seen.add(key)
    ends = {}
    for a, b in shared:
        ends.setdefault(a, []).append(b)
        ends.setdefault(b, []).append(a)

    def follow(start):
        line = [start]
        while True:
            here = line[-1]
            following = next((p for p in ends[here] if shared.get(tuple(sorted((here, p))))), None)
            if following is None:
                return line
            shared[tuple(sorted((here, following)))] = False
            line.append(following)
            if len(ends[following]) != 2:
                return line

    # Lines begin where borders end or meet; what is left then are closed ones.
    for start in sorted(p for p in ends if len(ends[p]) != 2) + sorted(ends):
        while len(line := follow(start)) > 1:
            yield line


def encoded(lines):
    text = []

    def put(value):
        while value >= 32:
            text.append(chr(0x30 + 32 + (value & 31)))
            value >>= 5
        text.append(chr(0x30 + value))

    def put_signed(value):
        put(value * 2 if value >= 0 else -value * 2 - 1)

    put(len(lines))
    here = (0, 0)
    for line in lines:
        put(len(line))
        for point in line:
            put_signed(point[0] - here[0])
            put_signed(point[1] - here[1])
            here = point
    return "".join(text)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        polygons = list(rings_of(json.load(file)))
    outer = [ring for ring, _ in polygons]
    borders = list(borders_of([ring for polygon in polygons for ring in [polygon[0], *polygon[1]]]))
    text = encoded(outer) + encoded(borders)
    print("// Written by Scripts/world-outline.py from Natural Earth's 1:110m countries (public domain).")
    print()
    print("extension WorldOutline {")
    print("    /// The outlines in the format of the script. Line ends have no meaning.")
    print('    static let text = #"""')
    for start in range(0, len(text), LINE_WIDTH):
        print("        " + text[start : start + LINE_WIDTH])
    print('        """#')
    print("}")


main()
