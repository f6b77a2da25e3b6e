#!/usr/bin/env python3
"""Writes Sources/GeoKit/Geolocators/RouterPlaces+Table.swift: the words that names of routers use for places.

    python3 Scripts/router-places.py AIRPORTS.csv CITIES.json > Sources/GeoKit/Geolocators/RouterPlaces+Table.swift

AIRPORTS.csv is the table of airportsdata (MIT): iata, city, subdivision, country, lat, lon, name.
CITIES.json is a list of {name, lat, lon} from Natural Earth (public domain).

Each line of the table is a place: city;country;state;latitude;longitude;keys, with coordinates in hundredths of a degree.
A key is a word in a router's name: a code, an abbreviation or the city's name in ASCII letters. The mark behind it says
how much evidence it needs. No mark: none. `.`: a digit behind it, a country or state beside it, or the position directly
before the domain. `+`, for common words: a digit or a neighbour. A key with `@` and a domain is used by one carrier
only, for which it means another place than elsewhere.
"""
import csv
import json
import math
import re
import sys
import unicodedata

# Codes that mean something else in the names of routers and hosts, digits behind them or not.
NEVER = set("""
acc acl add adm adn agg agr ais all any api app apn arp art asa asb ase asn asr asw ata atm ats auf aut avs bas bat
bbr bdi bfd bgp bng bnc box bpe bras bri brm bts bun bus bvi cac cam cap car cat ccr cdn ces cgn cis cli clr cmc cmt cnc
col com con cop cor cov cpe crs csc csw ctl cus dam day dcn dev dhc dia dif dir div dmz dns dom dot dsl dsw dyn ear eap
ebr ecn edg ego eir end eng ens erg err esb esm eth eui exa ext far fat fax fbm fdf fea fec fed fib fin fix flo fna fps
fri fru ftp fun fwa fwl gam gan gap gar gas gaz geo get gig git gom gpu gre gsm gtf gtw gum gus gwd gwy hal has hat her
hit hod hog hop hot hub hun ils imp inc ind inn ins int inu iot ipm isl isp itm iue jan jul jun key kin kos lab lac lag
lan lap law lcd lee leg let lib lir lns log loo lop lov low lte mac mag mam map mar max may mdf mda mec med mem met
mga mgm mgt mid mir mme mob mod mon mot mpe mpl mrt mss msw mta mux nan nap nas nat nav net nev new nic nim nld nms nod
non nov now oct odm off old olt one ont oob opt org out oxb pac pad pae pap pat pbc pbl pbr pcl pdp pds pei pem peg pen
pgw pic pid pie pin pio pip piu plq pln pms poe pon pop pos pow ppe ppp ppt pqm pre pri pro psa psm psw ptr pub put qow
ras rac rai ram rap red ref rem rep req res rev rex rip rob ror rtr run sai sal sap saw sco sdh sdn sec sep
set sez sgw she sho sid sip sit sky sla slo slp slr sls smb smr sms snm snp soc sol son spn spx sql srv srx ssh ssl
sta std sti sty sub sum sun svc svd svr swi sws sys tag tai tam tap tas tcp tcq tel tem ten tes tip tiq tls tmp toe
top trc tst tub tug tun two udp uni upg ups usb use usr var vas vip vlo vla vlt vms vod voz vpn vrf vsa vsg vsw
wan war way web wifi win www xen yap yum zen zip zoo""".split())

# Codes that are common words, or stand for something else as well: only with a digit or a neighbour that agrees.
WORDS = set("""
tor for led mad can man ham sat per van ash bud pit den san los man mia sin par mil rom ord pos bar del han bom rio car sao
abe ala ali art bey bel ben bon buf cup dad dar dub eve fat fox ist kit kid liz mar mat max nag nbe oak ore ost pal pan
ric roc sac sal sav sha tia tul ver was zag edi sel sto str nice split mobile orange bath reading male victoria florence
bari most union hub cork mesa lake bend georgetown kingston nelson hamilton columbia lincoln madison jackson
phoenix aurora orlando buffalo""".split()) - set("den mia sin par mil rom bom dub ist rio ord sao sto zag".split())

# Codes that carriers write bare, and that mean nothing else: believed without another sign.
BARE = set("""
ams fra lhr cdg lon muc dus zrh gva vie prg waw cph arn osl hel bru lux lis opo bcn mrs mxp fco ath sof otp kbp svo dme
rix tll vno beg nyc jfk lga ewr iad dca bwi bos phl atl mia clt dfw iah aus ord mdw chi msp stl mci slc phx las lax
sjc sfo sea pdx smf yyz yul yvr yyc yow mex qro gdl mty nrt hnd tyo kix osa icn hkg tpe sin bkk kul cgk mnl sgn bom maa
blr hyd ccu khi dxb auh doh ruh jed tlv amm kwi pek pvg szx ctu syd mel bne adl akl wlg jnb cpt nbo mba cai cmn dkr gru
gig scl eze bog lim uio ccs mvd mde pty sjo sju par mil fkt ffm ldn prs nyk kbn hbg mow sao dtw bna cmh den tpa mco asbn
dub ber""".split())

# What an airport's code calls the city, where the table of airports has another word for it.
CITY = {"Frankfurt am Main": "Frankfurt", "Dallas-Fort Worth": "Dallas", "New Delhi": "Delhi", "Kiev": "Kyiv",
        "Bangalore": "Bengaluru", "Rome": "Rome", "Sao Paulo": "Sao Paulo"}

# Places as carriers abbreviate them: city, country, state, latitude, longitude, keys. The first of several places with
# the same key counts, so these come before the airports.
CARRIERS = """
Amsterdam;NL;;52.37;4.90;ams amst amstnl amsterdam adm@twelve99.net adm@telia.net
Frankfurt;DE;;50.11;8.68;fra ffm fkt frf frankfurt frnkge frankfurtmain
London;GB;;51.51;-0.13;lon ldn lhr lcy lgw ltn stn london londen
Paris;FR;;48.86;2.35;par prs cdg ory paris parsfr
Marseille;FR;;43.30;5.37;mrs marseille mrslfr
Lyon;FR;;45.76;4.84;lys lyon
Roubaix;FR;;50.69;3.17;rbx roubaix
Gravelines;FR;;50.99;2.13;gra gravelines
Strasbourg;FR;;48.58;7.75;sbg sxb strasbourg
Aubervilliers;FR;;48.91;2.38;aubervilliers
Madrid;ES;;40.42;-3.70;mad mdr madrid mdrdsp
Barcelona;ES;;41.39;2.17;bcn barcelona brclsp
Lisbon;PT;;38.72;-9.14;lis lsb lisbon lisboa
Porto;PT;;41.15;-8.61;opo porto
Milan;IT;;45.46;9.19;mil mxp mln milan milano mlanit
Rome;IT;;41.90;12.50;rom fco rome roma
Palermo;IT;;38.12;13.36;pmo palermo
Zurich;CH;;47.38;8.54;zrh zur zurich zuerich zch@twelve99.net zch@telia.net
Geneva;CH;;46.20;6.14;gva geneva geneve
Vienna;AT;;48.21;16.37;vie wien vienna vienat win@twelve99.net win@telia.net
Munich;DE;;48.14;11.58;muc mun munich muenchen mnchge
Berlin;DE;;52.52;13.40;ber bln txl berlin brlnge
Hamburg;DE;;53.55;9.99;ham hbg hamburg hmbrge
Dusseldorf;DE;;51.23;6.77;dus ddf dusseldorf duesseldorf dsdfge
Stuttgart;DE;;48.78;9.18;str stgt stuttgart
Nuremberg;DE;;49.45;11.08;nue nbg nuremberg nuernberg
Falkenstein;DE;;50.48;12.37;fsn falkenstein
Cologne;DE;;50.94;6.96;cgn cologne koeln
Hanover;DE;;52.38;9.73;haj hannover hanover
Leipzig;DE;;51.34;12.37;lej leipzig
Karlsruhe;DE;;49.01;8.40;karlsruhe
Basel;CH;;47.56;7.59;bsl basel
Bern;CH;;46.95;7.45;bern
Rotterdam;NL;;51.92;4.48;rtm rotterdam
The Hague;NL;;52.08;4.27;thehague denhaag
Antwerp;BE;;51.22;4.40;anr antwerp antwerpen
Bordeaux;FR;;44.84;-0.58;bod bordeaux
Toulouse;FR;;43.60;1.44;tls toulouse
Nantes;FR;;47.22;-1.55;nte nantes
Lille;FR;;50.63;3.06;lil lille
Nice;FR;;43.71;7.26;nce nice
Turin;IT;;45.07;7.69;trn turin torino
Valencia;ES;;39.47;-0.38;vlc valencia
Bilbao;ES;;43.26;-2.93;bilbao
Gothenburg;SE;;57.71;11.97;got gothenburg goteborg
Malmo;SE;;55.60;13.00;mma malmo malmoe
Krakow;PL;;50.06;19.94;krk krakow
Poznan;PL;;52.41;16.93;poz poznan
Brno;CZ;;49.20;16.61;brq brno
Split;HR;;43.51;16.44;spu split
Brussels;BE;;50.85;4.35;bru brussels bruxelles brslbe
Luxembourg;LU;;49.61;6.13;lux luxembourg
Dublin;IE;;53.35;-6.26;dub dublin dblnir
Manchester;GB;;53.48;-2.24;man manchester
Slough;GB;;51.51;-0.59;slough
Birmingham;GB;;52.48;-1.90;bhx birmingham
Leeds;GB;;53.80;-1.55;leeds
Bristol;GB;;51.45;-2.59;brs bristol
Glasgow;GB;;55.86;-4.25;gla glasgow
Edinburgh;GB;;55.95;-3.19;edi edinburgh
Copenhagen;DK;;55.68;12.57;cph kbn copenhagen kobenhavn
Stockholm;SE;;59.33;18.07;sto arn sthlm stockholm stocse
Oslo;NO;;59.91;10.75;osl oslo oso@twelve99.net oso@telia.net
Helsinki;FI;;60.17;24.94;hel hls helsinki
Tallinn;EE;;59.44;24.75;tll tallinn
Riga;LV;;56.95;24.11;rix riga
Vilnius;LT;;54.69;25.28;vno vilnius
Warsaw;PL;;52.23;21.01;waw warsaw warszawa wrswpl war@twelve99.net war@telia.net
Prague;CZ;;50.08;14.44;prg prag praha prague
Bratislava;SK;;48.15;17.11;bts bratislava
Budapest;HU;;47.50;19.04;bud budapest bpst bpt@twelve99.net bpt@telia.net
Bucharest;RO;;44.43;26.10;otp buh bucharest bucuresti
Sofia;BG;;42.70;23.32;sof sofia
Athens;GR;;37.98;23.73;ath athens
Istanbul;TR;;41.01;28.98;ist istanbul
Kyiv;UA;;50.45;30.52;kbp iev kyiv kiev
Moscow;RU;;55.76;37.62;mow msk svo dme vko moscow
Saint Petersburg;RU;;59.94;30.31;led spb saintpetersburg stpetersburg
Zagreb;HR;;45.81;15.98;zag zagreb
Belgrade;RS;;44.79;20.45;beg belgrade beograd
Ljubljana;SI;;46.06;14.51;lju ljubljana
New York;US;NY;40.71;-74.01;nyc nyk jfk lga newyork nycmny nwyk
Newark;US;NJ;40.74;-74.17;ewr nwk newark nwrknj
Secaucus;US;NJ;40.79;-74.06;secaucus
Piscataway;US;NJ;40.55;-74.46;piscataway
Ashburn;US;VA;39.04;-77.49;iad ash asbn ashburn asbnva
Reston;US;VA;38.96;-77.36;reston rstnva
Washington;US;DC;38.91;-77.04;was wdc dca washington washingtondc wshndc wswdc
Baltimore;US;MD;39.29;-76.61;bwi baltimore bltmmd
Philadelphia;US;PA;39.95;-75.17;phl philadelphia phlapa phlpa
Boston;US;MA;42.36;-71.06;bos boston bstnma
Atlanta;US;GA;33.75;-84.39;atl atlanta atlnga
Miami;US;FL;25.76;-80.19;mia miami miamfl
Tampa;US;FL;27.95;-82.46;tpa tampa tampfl
Orlando;US;FL;28.54;-81.38;mco orlando orldfl orlfl
Jacksonville;US;FL;30.33;-81.66;jax jacksonville
Charlotte;US;NC;35.23;-80.84;clt charlotte chrlnc
Nashville;US;TN;36.16;-86.78;bna nashville nsvltn
Chicago;US;IL;41.88;-87.63;chi ord mdw chicago chcgil cgcil
Detroit;US;MI;42.33;-83.05;dtw det detroit dtrtmi
Cleveland;US;OH;41.50;-81.69;cle cleveland clevoh
Columbus;US;OH;39.96;-83.00;cmh columbus clmboh
Pittsburgh;US;PA;40.44;-80.00;pit pittsburgh pitbpa
Minneapolis;US;MN;44.98;-93.27;msp minneapolis mplsmn
Saint Louis;US;MO;38.63;-90.20;stl stlouis saintlouis stlsmo
Kansas City;US;MO;39.10;-94.58;mci kansascity kscymo
Council Bluffs;US;IA;41.26;-95.86;councilbluffs
Dallas;US;TX;32.78;-96.80;dfw dal dls dallas dllstx dlstx
Houston;US;TX;29.76;-95.37;iah hou houston hstntx
Austin;US;TX;30.27;-97.74;aus austin austtx
San Antonio;US;TX;29.42;-98.49;sat sanantonio snantx
Denver;US;CO;39.74;-104.99;den denver dnvrco dvmco
Salt Lake City;US;UT;40.76;-111.89;slc saltlakecity slkcut
Phoenix;US;AZ;33.45;-112.07;phx phoenix phnxaz
Las Vegas;US;NV;36.17;-115.14;las lasvegas lsvgnv
Los Angeles;US;CA;34.05;-118.24;lax losangeles lsanca las@twelve99.net las@telia.net
San Diego;US;CA;32.72;-117.16;san sandiego sndgca
San Jose;US;CA;37.34;-121.89;sjc sanjose snjsca sjo@twelve99.net sjo@telia.net
Santa Clara;US;CA;37.35;-121.96;santaclara sntcca
Palo Alto;US;CA;37.44;-122.14;pao paix paloalto plalca
Sunnyvale;US;CA;37.37;-122.04;snv sunnyvale snvaca
Fremont;US;CA;37.55;-121.99;fmt fremont
San Francisco;US;CA;37.77;-122.42;sfo sanfrancisco snfcca sffca
Sacramento;US;CA;38.58;-121.49;smf sac sacramento scrmca
Portland;US;OR;45.52;-122.68;pdx portland ptldor
Hillsboro;US;OR;45.52;-122.99;hillsboro hio
Seattle;US;WA;47.61;-122.33;sea seattle sttlwa
Toronto;CA;ON;43.65;-79.38;tor yyz yto toronto toroon trnton
Montreal;CA;QC;45.50;-73.57;yul ymq mtl montreal mtrlpq
Vancouver;CA;BC;49.28;-123.12;yvr van vancouver vancbc
Calgary;CA;AB;51.05;-114.07;yyc calgary clgrab
Ottawa;CA;ON;45.42;-75.70;yow ottawa ottwon
Beauharnois;CA;QC;45.32;-73.87;bhs beauharnois
Mexico City;MX;;19.43;-99.13;mex mexicocity mexico
Queretaro;MX;;20.59;-100.39;qro queretaro
Guadalajara;MX;;20.67;-103.35;gdl guadalajara
Monterrey;MX;;25.69;-100.32;mty monterrey
Panama City;PA;;8.98;-79.52;pty panamacity panama
San Jose;CR;;9.93;-84.08;sjo sanjose
San Juan;PR;;18.47;-66.11;sju sanjuan
Bogota;CO;;4.71;-74.07;bog bogota
Quito;EC;;-0.18;-78.47;uio quito
Lima;PE;;-12.05;-77.04;lim lima
Santiago;CL;;-33.45;-70.67;scl santiago
Buenos Aires;AR;;-34.60;-58.38;eze bue aep buenosaires
Montevideo;UY;;-34.90;-56.16;mvd montevideo
Sao Paulo;BR;;-23.55;-46.63;sao gru cgh spo saopaulo
Rio de Janeiro;BR;;-22.91;-43.17;rio sdu riodejaneiro
Fortaleza;BR;;-3.73;-38.53;for ftz fortaleza
Brasilia;BR;;-15.79;-47.88;bsb brasilia
Porto Alegre;BR;;-30.03;-51.23;poa portoalegre
Tokyo;JP;;35.68;139.69;tyo tok tky nrt hnd tokyo tokyjp
Osaka;JP;;34.69;135.50;osa kix osaka osakjp
Seoul;KR;;37.57;126.98;sel icn gmp seoul seolko
Hong Kong;HK;;22.32;114.17;hkg hongkong newthk hnk@twelve99.net hnk@telia.net
Taipei;TW;;25.03;121.57;tpe taipei taiptw
Singapore;SG;;1.29;103.85;sin sgp singapore sngpsi snge@twelve99.net snge@telia.net
Kuala Lumpur;MY;;3.14;101.69;kul kualalumpur klmpml
Bangkok;TH;;13.76;100.50;bkk dmk bangkok
Jakarta;ID;;-6.21;106.85;cgk jkt jakarta
Manila;PH;;14.60;120.98;mnl manila
Hanoi;VN;;21.03;105.85;han hanoi
Ho Chi Minh City;VN;;10.78;106.70;sgn hcm hochiminh hochiminhcity
Mumbai;IN;;19.08;72.88;bom mum mumbai
Delhi;IN;;28.61;77.21;del delhi newdelhi
Chennai;IN;;13.08;80.27;maa chn chennai
Bengaluru;IN;;12.97;77.59;blr bengaluru bangalore
Hyderabad;IN;;17.39;78.49;hyd hyderabad
Kolkata;IN;;22.57;88.36;ccu kolkata
Karachi;PK;;24.86;67.01;khi karachi
Dubai;AE;;25.20;55.27;dxb dwc dubai
Fujairah;AE;;25.13;56.33;fjr fujairah
Doha;QA;;25.29;51.53;doh doha
Tel Aviv;IL;;32.09;34.78;tlv telaviv
Beijing;CN;;39.90;116.41;pek pkx bjs beijing
Shanghai;CN;;31.23;121.47;pvg sha shanghai
Guangzhou;CN;;23.13;113.26;can guangzhou
Shenzhen;CN;;22.54;114.06;szx shenzhen
Sydney;AU;NSW;-33.87;151.21;syd sydney sydnau
Melbourne;AU;VIC;-37.81;144.96;mel melbourne mlbnau
Brisbane;AU;QLD;-27.47;153.03;bne brisbane
Perth;AU;WA;-31.95;115.86;per perth
Adelaide;AU;SA;-34.93;138.60;adl adelaide
Auckland;NZ;;-36.85;174.76;akl auckland
Wellington;NZ;;-41.29;174.78;wlg wellington
Johannesburg;ZA;;-26.20;28.05;jnb johannesburg
Cape Town;ZA;;-33.92;18.42;cpt capetown
Durban;ZA;;-29.86;31.03;dur durban
Nairobi;KE;;-1.29;36.82;nbo nairobi
Mombasa;KE;;-4.04;39.67;mba mombasa
Lagos;NG;;6.52;3.38;los lagos
Accra;GH;;5.60;-0.19;accra
Cairo;EG;;30.04;31.24;cai cairo
Casablanca;MA;;33.57;-7.59;cmn casablanca
Tunis;TN;;36.81;10.18;tunis
Algiers;DZ;;36.75;3.06;alg algiers
Dakar;SN;;14.69;-17.45;dkr dakar
Djibouti;DJ;;11.59;43.15;jib djibouti
"""

# Names of cities that airports are far from or many share: the airport's code counts, the name does not.
NO_NAMES = set("""washington london sanjose victoria georgetown kingston columbia lincoln madison jackson
springfield hamilton nelson richmond bloomington rochester lafayette portland manchester birmingham newcastle
alexandria cordoba valencia barcelona merida sanjuan guadalajara santarosa santamaria laredo monroe
tripoli hyderabad concepcion granada leon toledo salem burlington lancaster wilmington aurora""".split())

STATES = dict(zip("""Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Georgia Hawaii Idaho
Illinois Indiana Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts Michigan Minnesota Mississippi Missouri
Montana Nebraska Nevada New_Hampshire New_Jersey New_Mexico New_York North_Carolina North_Dakota Ohio Oklahoma Oregon
Pennsylvania Rhode_Island South_Carolina South_Dakota Tennessee Texas Utah Vermont Virginia Washington West_Virginia
Wisconsin Wyoming Alberta British_Columbia Manitoba New_Brunswick Newfoundland_and_Labrador Nova_Scotia Ontario Quebec
Saskatchewan""".replace("\n", " ").split(), """AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO
MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AB BC MB NB NL NS ON QC SK""".split()))


def ascii_text(text):
    text = unicodedata.normalize("NFKD", text.translate({0xF8: "o", 0xD8: "O", 0xDF: "ss", 0x142: "l", 0x131: "i"}))
    return text.encode("ascii", "ignore").decode().strip()


def key_of(name):
    return re.sub("[^a-z]", "", ascii_text(name).lower())


def distance(a, b):
    """Kilometres on a sphere, to tell namesakes apart."""
    (y1, x1), (y2, x2) = (map(math.radians, p) for p in (a, b))
    return 6371 * math.acos(min(1, math.sin(y1) * math.sin(y2) + math.cos(y1) * math.cos(y2) * math.cos(x1 - x2)))


class Table:
    def __init__(self):
        self.places, self.used = [], set()

    def add(self, city, country, state, point, keys, curated=False):
        fresh = []
        for key in keys:
            if "@" in key:
                fresh.append(key)
                continue
            if (key in NEVER and not curated) or len(key) < 3:
                continue
            if key in self.used and not curated:
                continue
            self.used.add(key)
            sign = ""
            if key in WORDS:
                sign = "+"
            elif len(key) == 3 and key not in BARE:
                sign = "."
            fresh.append(key + sign)
        if fresh and city:
            self.places.append((ascii_text(city), country, state, point, fresh))


def main(airports, cities):
    with open(airports, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with open(cities, encoding="utf-8") as file:
        towns = {key_of(c["name"]): (c["lat"], c["lon"]) for c in json.load(file) if "?" not in c["name"]}
    table = Table()
    for line in CARRIERS.strip().splitlines():
        city, country, state, lat, lon, keys = line.split(";")
        table.add(city, country, state, (float(lat), float(lon)), keys.split(), curated=True)
    # Of the airports, those of international traffic: carriers do not name routers after airstrips.
    for row in sorted(rows, key=lambda row: row["iata"]):
        if not re.search("International|Intl", row["name"]):
            continue
        city = CITY.get(row["city"], row["city"].split("/")[0].split("(")[0].split(",")[0].strip())
        point = (float(row["lat"]), float(row["lon"]))
        keys, name = [row["iata"].lower()], key_of(city)
        town = towns.get(name)
        if town and distance(point, town) < 80:
            point = town
        # A name is a key only of places that stand out: those that the list of cities has.
        if town and distance(point, town) < 80 and name not in NO_NAMES and len(name) >= 4:
            keys.append(name)
        table.add(city, row["country"], STATES.get(ascii_text(row["subdivision"]).replace(" ", "_"), "")
                  if row["country"] in ("US", "CA") else "", point, keys)

    print("// Made by Scripts/router-places.py; edit that. Facts from airportsdata (MIT) and Natural Earth, see NOTICE.\n")
    print("extension RouterPlaces {")
    print("    /// City;country;state;latitude;longitude;keys. Coordinates are in hundredths of a degree. A mark behind a key says")
    print("    /// how much evidence it needs.")
    print('    static let table: StaticString = """')
    for city, country, state, (lat, lon), keys in table.places:
        print(f"        {city};{country};{state};{round(lat * 100)};{round(lon * 100)};{' '.join(keys)}")
    print('        """')
    print("}")


main(*sys.argv[1:])
