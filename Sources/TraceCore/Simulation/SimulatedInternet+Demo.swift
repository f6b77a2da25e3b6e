extension SimulatedInternet {
    /// An internet that comes with the library: a home in Lisbon, and hosts on six continents with their usual oddities.
    ///
    /// All addresses are of the documentation prefixes, which belong to no one; delays fit the geography.
    public static let demo: SimulatedInternet = {
        do throws(ProbeError) {
            return try SimulatedInternet(parsing: demoTopology, name: "demo")
        } catch {
            // The text below is fixed, and a test parses it. A mistake in it leaves an internet without hosts.
            return SimulatedInternet(empty: "demo: \(error)")
        }
    }()

    /// The text of the demo, as a start for your own topology.
    public static let demoTopology = """
        # A home in Lisbon, its provider, two transit networks, and hosts all over the world.
        # Delays are one way, of the link into a node: light in fibre takes 1 ms for 200 km.
        seed 2026
        start 2026-01-01T00:00:00Z

        vantage lisbon 192.0.2.10 2001:db8::10

        # --- the home and the provider -------------------------------------------------------------
        router gw      192.0.2.1      2001:db8::1        delay=0.3ms jitter=0.1ms mtu=1500 name=gw.home.example reply-ttl=64
        router bras    192.0.2.129    2001:db8:1::1      delay=3.2ms jitter=0.4ms mtu=1492 name=bras1.lis1.access.example quote=8
        router agg     192.0.2.133    2001:db8:1::5      delay=0.4ms silent
        router lis     192.0.2.137    2001:db8:1::9      delay=0.3ms jitter=0.1ms name=ae1.br1.lis1.access.example

        # --- Europe -----------------------------------------------------------------------------------
        router mad     198.51.100.1   2001:db8:100::1    delay=4.1ms jitter=0.2ms name=ae7.cr1.mad1.transit.example
        router cdg-a   198.51.100.5   2001:db8:100::5    delay=8.3ms jitter=0.2ms name=ae3.cr1.cdg2.transit.example
        router cdg-b   198.51.100.9   2001:db8:100::9    delay=8.4ms jitter=0.2ms name=ae4.cr2.cdg2.transit.example
        router fra     198.51.100.13  2001:db8:100::d    delay=4.6ms jitter=0.2ms name=ae0.cr1.fra4.transit.example interface=xe-0/0/1 ifindex=512
        router fra-e   198.51.100.17  2001:db8:100::11   delay=0.3ms jitter=0.2ms name=edge2.fra4.transit.example
        router lhr     198.51.100.21  2001:db8:100::15   delay=15.2ms jitter=0.3ms name=ae3.cr1.lhr2.transit.example
        router mrs     198.51.100.25  2001:db8:100::19   delay=11.4ms jitter=0.3ms name=hu0-1.cr1.mrs1.oceanic.example

        # --- North America: labels across the continent, two ways through Chicago and Dallas -------------
        router jfk     198.51.100.65  2001:db8:100::41   delay=34.8ms jitter=0.3ms name=ae5.cr1.jfk1.transit.example mpls=24015/0/1
        router jfk-e   198.51.100.69  2001:db8:100::45   delay=0.4ms jitter=0.3ms name=edge1.jfk1.transit.example rate=1/s burst=2
        router ord-a   198.51.100.73  2001:db8:100::49   delay=8.9ms jitter=0.2ms name=ae1.cr1.ord2.transit.example mpls=24120/0/1
        router ord-b   198.51.100.77  2001:db8:100::4d   delay=9.1ms jitter=0.2ms name=ae2.cr2.ord2.transit.example mpls=24121/0/1
        router dfw     198.51.100.81  2001:db8:100::51   delay=17.3ms jitter=0.2ms name=ae1.cr1.dfw3.transit.example mpls=24130/0/1
        router den     198.51.100.85  2001:db8:100::55   delay=11.7ms jitter=0.2ms name=ae9.cr1.den1.transit.example mpls=24140/0/1,16004/0/1
        router lax     198.51.100.89  2001:db8:100::59   delay=12.6ms jitter=0.3ms name=ae2.cr1.lax1.transit.example
        router ord-e   198.51.100.93  2001:db8:100::5d   delay=9.0ms jitter=0.2ms name=edge1.ord2.transit.example
        link dfw lax delay=15.9ms

        # --- South America, Africa -------------------------------------------------------------------------
        router for     198.51.100.129 2001:db8:100::81   delay=29.6ms jitter=0.3ms name=xe-1.cr1.for1.oceanic.example
        router gru     198.51.100.133 2001:db8:100::85   delay=21.2ms jitter=0.5ms name=ae1.cr2.gru3.oceanic.example return-hops=5 return-delay=48ms
        router mba     198.51.100.137 2001:db8:100::89   delay=41.5ms jitter=2ms name=te0-0-1.cr1.mba1.oceanic.example loss=8%
        router nbo     198.51.100.141 2001:db8:100::8d   delay=3.9ms jitter=1ms name=cr1.nbo1.oceanic.example
        router jnb     198.51.100.145 2001:db8:100::91   delay=21.8ms jitter=1ms name=cr2.jnb1.oceanic.example

        # --- Asia, Oceania ---------------------------------------------------------------------------------
        router nrt     198.51.100.193 2001:db8:100::c1   delay=51.3ms jitter=0.4ms name=ae12.cr1.nrt1.pacific.example mpls=310448/0/1
        router hnd     198.51.100.197 2001:db8:100::c5   delay=0.9ms jitter=0.2ms name=edge3.hnd2.pacific.example
        router syd     198.51.100.201 2001:db8:100::c9   delay=73.5ms jitter=0.6ms name=ae4.cr1.syd2.pacific.example
        router bom     198.51.100.205 2001:db8:100::cd   delay=48.2ms jitter=0.9ms name=cr1.bom4.oceanic.example extensions=legacy mpls=18011/0/1
        router sin-a   198.51.100.209 2001:db8:100::d1   delay=29.4ms jitter=0.4ms name=ae1.cr1.sin3.pacific.example
        router sin-b   198.51.100.213 2001:db8:100::d5   delay=29.9ms jitter=0.4ms name=ae1.cr2.sin3.pacific.example

        # --- hosts ---------------------------------------------------------------------------------------------
        host lisbon-host 203.0.113.1   2001:db8:200::1   delay=0.4ms jitter=0.1ms name=lisbon.example tcp=80,443
        host frankfurt   203.0.113.10  2001:db8:200::a   delay=0.5ms jitter=0.1ms name=frankfurt.example tcp=80,443
        host london      203.0.113.20  2001:db8:200::14  delay=0.6ms jitter=0.2ms name=london.example tcp=80,443
        host newyork     203.0.113.30  2001:db8:200::1e  delay=0.7ms jitter=0.2ms name=newyork.example tcp=80,443
        host chicago     203.0.113.40  2001:db8:200::28  delay=0.5ms jitter=0.2ms name=chicago.example tcp=80,443 udp-filtered=all
        host losangeles  203.0.113.50  2001:db8:200::32  delay=0.5ms jitter=0.2ms name=losangeles.example tcp=80,443
        host saopaulo    203.0.113.60  2001:db8:200::3c  delay=1.1ms jitter=0.4ms name=saopaulo.example tcp=80,443
        host nairobi     203.0.113.70  2001:db8:200::46  delay=1.6ms jitter=1ms name=nairobi.example tcp=80,443
        host johannesburg 203.0.113.80 2001:db8:200::50  delay=0.9ms jitter=0.4ms name=johannesburg.example tcp=80,443
        host mumbai      203.0.113.90  2001:db8:200::5a  delay=1.3ms jitter=0.5ms name=mumbai.example tcp=80,443
        host singapore   203.0.113.100 2001:db8:200::64  delay=0.6ms jitter=0.2ms name=singapore.example tcp=80,443
        host tokyo       203.0.113.110 2001:db8:200::6e  delay=0.8ms jitter=0.2ms name=tokyo.example tcp=80,443
        host sydney      203.0.113.120 2001:db8:200::78  delay=0.9ms jitter=0.3ms name=sydney.example tcp=80,443 duplicate=4%

        # A host that is switched off, and one behind a firewall that says no.
        host dead        203.0.113.200 2001:db8:200::c8  name=dead.example dead
        router wall      198.51.100.241 2001:db8:100::f1 delay=0.3ms name=fw1.fra4.transit.example prohibit=all
        host prohibited  203.0.113.210 2001:db8:200::d2  name=prohibited.example

        # --- ways ------------------------------------------------------------------------------------------------
        path lisbon-host:  gw bras agg lis
        path frankfurt:    gw bras agg lis mad (cdg-a | cdg-b) fra fra-e
        path london:       gw bras agg lis lhr
        path newyork:      gw bras agg lis lhr jfk jfk-e
        path chicago:      gw bras agg lis lhr jfk (ord-a | ord-b) ord-e
        path losangeles:   gw bras agg lis lhr jfk ((ord-a | ord-b) den | dfw) lax
        path tokyo:        gw bras agg lis lhr jfk ((ord-a | ord-b) den | dfw) lax nrt hnd
        path sydney:       gw bras agg lis lhr jfk (ord-a | ord-b) den lax syd
        path saopaulo:     gw bras agg lis for gru
        path nairobi:      gw bras agg lis mrs mba nbo
        path johannesburg: gw bras agg lis mrs mba jnb
        path mumbai:       gw bras agg lis mrs bom
        path singapore:    gw bras agg lis mrs bom (sin-a | sin-b)
        path dead:         gw bras agg lis mad (cdg-a | cdg-b) fra
        path prohibited:   gw bras agg lis mad (cdg-a | cdg-b) fra wall
        path default:      gw bras agg lis

        """
}
