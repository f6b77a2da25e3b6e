#!/usr/bin/env python3
"""Writes Sources/Examples/CloudKit/catalogue.txt: the regions of cloud providers, and what answers in them.

    python3 Scripts/cloud-catalogue.py REGIONS.json > Sources/Examples/CloudKit/catalogue.txt

REGIONS.json is the list of mcp-server-cloud-regions (MIT): regions with provider, code, name, city, country and coordinates.

A line with `@` is a provider: its code and its name. Every other line is a region of the provider above it, its fields
divided by `;`: code, name, city, country, continent, latitude, longitude; then, where one is known, a host that answers
there and the evidence for it. `regional`: the provider says that the name is served in that region. `anycast`: a front end
near the asker answers for it. `unknown`: it is one of the region by its name, and no more is known.
"""
import json
import sys

CONTINENTS = {"africa": "AF", "asia": "AS", "europe": "EU", "middle-east": "ME", "north-america": "NA", "oceania": "OC", "south-america": "SA"}

VULTR = {"ewr": "nj-us", "ord": "il-us", "dfw": "tx-us", "lax": "lax-ca-us", "sea": "wa-us", "ams": "ams-nl", "lhr": "lon-gb",
         "fra": "fra-de", "nrt": "hnd-jp", "sgp": "sgp", "syd": "syd-au"}
LINODE = {"us-east": "newark", "us-central": "dallas", "us-west": "fremont", "us-southeast": "atlanta", "ca-central": "toronto1",
          "eu-west": "london", "eu-central": "frankfurt", "ap-south": "singapore", "ap-northeast": "tokyo2", "ap-southeast": "sydney"}


def endpoint(provider, code, kind):
    """A host that answers in the region, and the evidence, as the provider's own pages have it."""
    lower = code.lower()
    if provider == "aws":
        return f"dynamodb.{code}.amazonaws.com" + (".cn" if kind == "china" else ""), "regional"
    if provider == "gcp":
        return f"{code}-docker.pkg.dev", "anycast"
    if provider == "azure" and kind == "commercial":
        return f"{code}.api.cognitive.microsoft.com", "unknown"
    if provider == "oci" and kind == "commercial":
        return f"objectstorage.{code}.oraclecloud.com", "regional"
    if provider == "digitalocean":
        return (f"{code}.digitaloceanspaces.com" if code == "atl1" else f"speedtest-{code}.digitalocean.com"), "regional"
    if provider == "hetzner":
        return f"{code}-speed.hetzner.com", "regional"
    if provider == "scaleway":
        return f"s3.{code}.scw.cloud", "regional"
    if provider == "ovh":
        return f"s3.{lower.rstrip('1')}.io.cloud.ovh.net", "regional"
    if provider == "vultr":
        return f"{VULTR[code]}-ping.vultr.com", "regional"
    if provider == "linode":
        return f"speedtest.{LINODE[code]}.linode.com", "regional"
    return None


def field(text):
    return text.replace(";", ",").strip()


def main():
    with open(sys.argv[1]) as file:
        data = json.load(file)
    print(f"# {data['metadata']['lastUpdated']}")
    for provider in data["providers"]:
        print(f"@{provider['id']};{field(provider['name'])}")
        for region in data["regions"]:
            if region["provider"] != provider["id"]:
                continue
            place = region["location"]
            fields = [region["regionCode"], field(region["displayName"]), field(place["city"]), place["countryCode"],
                      CONTINENTS[place["continent"]], f"{place['latitude']:.2f}", f"{place['longitude']:.2f}"]
            fields += endpoint(provider["id"], region["regionCode"], region["regionType"]) or ()
            print(";".join(fields))


if __name__ == "__main__":
    main()
