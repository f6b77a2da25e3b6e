// Made by Scripts/router-places.py; edit that. Facts from airportsdata (MIT) and Natural Earth, see NOTICE.

extension RouterPlaces {
    /// City;country;state;latitude;longitude;keys. Coordinates are in hundredths of a degree. A mark behind a key says
    /// how much evidence it needs.
    static let table: StaticString = """
        Amsterdam;NL;;5237;490;ams amst amstnl amsterdam adm@twelve99.net adm@telia.net
        Frankfurt;DE;;5011;868;fra ffm fkt frf. frankfurt frnkge frankfurtmain
        London;GB;;5151;-13;lon ldn lhr lcy. lgw. ltn. stn. london londen
        Paris;FR;;4886;235;par prs cdg ory. paris parsfr
        Marseille;FR;;4330;537;mrs marseille mrslfr
        Lyon;FR;;4576;484;lys. lyon
        Roubaix;FR;;5069;317;rbx. roubaix
        Gravelines;FR;;5099;213;gra. gravelines
        Strasbourg;FR;;4858;775;sbg. sxb. strasbourg
        Aubervilliers;FR;;4891;238;aubervilliers
        Madrid;ES;;4042;-370;mad+ mdr. madrid mdrdsp
        Barcelona;ES;;4139;217;bcn barcelona brclsp
        Lisbon;PT;;3872;-914;lis lsb. lisbon lisboa
        Porto;PT;;4115;-861;opo porto
        Milan;IT;;4546;919;mil mxp mln. milan milano mlanit
        Rome;IT;;4190;1250;rom. fco rome roma
        Palermo;IT;;3812;1336;pmo. palermo
        Zurich;CH;;4738;854;zrh zur. zurich zuerich zch@twelve99.net zch@telia.net
        Geneva;CH;;4620;614;gva geneva geneve
        Vienna;AT;;4821;1637;vie wien vienna vienat win@twelve99.net win@telia.net
        Munich;DE;;4814;1158;muc mun. munich muenchen mnchge
        Berlin;DE;;5252;1340;ber bln. txl. berlin brlnge
        Hamburg;DE;;5355;999;ham+ hbg hamburg hmbrge
        Dusseldorf;DE;;5123;677;dus ddf. dusseldorf duesseldorf dsdfge
        Stuttgart;DE;;4878;918;str+ stgt stuttgart
        Nuremberg;DE;;4945;1108;nue. nbg. nuremberg nuernberg
        Falkenstein;DE;;5048;1237;fsn. falkenstein
        Cologne;DE;;5094;696;cgn. cologne koeln
        Hanover;DE;;5238;973;haj. hannover hanover
        Leipzig;DE;;5134;1237;lej. leipzig
        Karlsruhe;DE;;4901;840;karlsruhe
        Basel;CH;;4756;759;bsl. basel
        Bern;CH;;4695;745;bern
        Rotterdam;NL;;5192;448;rtm. rotterdam
        The Hague;NL;;5208;427;thehague denhaag
        Antwerp;BE;;5122;440;anr. antwerp antwerpen
        Bordeaux;FR;;4484;-58;bod. bordeaux
        Toulouse;FR;;4360;144;tls. toulouse
        Nantes;FR;;4722;-155;nte. nantes
        Lille;FR;;5063;306;lil. lille
        Nice;FR;;4371;726;nce. nice+
        Turin;IT;;4507;769;trn. turin torino
        Valencia;ES;;3947;-38;vlc. valencia
        Bilbao;ES;;4326;-293;bilbao
        Gothenburg;SE;;5771;1197;got. gothenburg goteborg
        Malmo;SE;;5560;1300;mma. malmo malmoe
        Krakow;PL;;5006;1994;krk. krakow
        Poznan;PL;;5241;1693;poz. poznan
        Brno;CZ;;4920;1661;brq. brno
        Split;HR;;4351;1644;spu. split+
        Brussels;BE;;5085;435;bru brussels bruxelles brslbe
        Luxembourg;LU;;4961;613;lux luxembourg
        Dublin;IE;;5335;-626;dub dublin dblnir
        Manchester;GB;;5348;-224;man+ manchester
        Slough;GB;;5151;-59;slough
        Birmingham;GB;;5248;-190;bhx. birmingham
        Leeds;GB;;5380;-155;leeds
        Bristol;GB;;5145;-259;brs. bristol
        Glasgow;GB;;5586;-425;gla. glasgow
        Edinburgh;GB;;5595;-319;edi+ edinburgh
        Copenhagen;DK;;5568;1257;cph kbn copenhagen kobenhavn
        Stockholm;SE;;5933;1807;sto. arn sthlm stockholm stocse
        Oslo;NO;;5991;1075;osl oslo oso@twelve99.net oso@telia.net
        Helsinki;FI;;6017;2494;hel hls. helsinki
        Tallinn;EE;;5944;2475;tll tallinn
        Riga;LV;;5695;2411;rix riga
        Vilnius;LT;;5469;2528;vno vilnius
        Warsaw;PL;;5223;2101;waw warsaw warszawa wrswpl war@twelve99.net war@telia.net
        Prague;CZ;;5008;1444;prg prag praha prague
        Bratislava;SK;;4815;1711;bts. bratislava
        Budapest;HU;;4750;1904;bud+ budapest bpst bpt@twelve99.net bpt@telia.net
        Bucharest;RO;;4443;2610;otp buh. bucharest bucuresti
        Sofia;BG;;4270;2332;sof sofia
        Athens;GR;;3798;2373;ath athens
        Istanbul;TR;;4101;2898;ist. istanbul
        Kyiv;UA;;5045;3052;kbp iev. kyiv kiev
        Moscow;RU;;5576;3762;mow msk. svo dme vko. moscow
        Saint Petersburg;RU;;5994;3031;led+ spb. saintpetersburg stpetersburg
        Zagreb;HR;;4581;1598;zag. zagreb
        Belgrade;RS;;4479;2045;beg belgrade beograd
        Ljubljana;SI;;4606;1451;lju. ljubljana
        New York;US;NY;4071;-7401;nyc nyk jfk lga newyork nycmny nwyk
        Newark;US;NJ;4074;-7417;ewr nwk. newark nwrknj
        Secaucus;US;NJ;4079;-7406;secaucus
        Piscataway;US;NJ;4055;-7446;piscataway
        Ashburn;US;VA;3904;-7749;iad ash+ asbn ashburn asbnva
        Reston;US;VA;3896;-7736;reston rstnva
        Washington;US;DC;3891;-7704;was+ wdc. dca washington washingtondc wshndc wswdc
        Baltimore;US;MD;3929;-7661;bwi baltimore bltmmd
        Philadelphia;US;PA;3995;-7517;phl philadelphia phlapa phlpa
        Boston;US;MA;4236;-7106;bos boston bstnma
        Atlanta;US;GA;3375;-8439;atl atlanta atlnga
        Miami;US;FL;2576;-8019;mia miami miamfl
        Tampa;US;FL;2795;-8246;tpa tampa tampfl
        Orlando;US;FL;2854;-8138;mco orlando+ orldfl orlfl
        Jacksonville;US;FL;3033;-8166;jax. jacksonville
        Charlotte;US;NC;3523;-8084;clt charlotte chrlnc
        Nashville;US;TN;3616;-8678;bna nashville nsvltn
        Chicago;US;IL;4188;-8763;chi ord mdw chicago chcgil cgcil
        Detroit;US;MI;4233;-8305;dtw det. detroit dtrtmi
        Cleveland;US;OH;4150;-8169;cle. cleveland clevoh
        Columbus;US;OH;3996;-8300;cmh columbus clmboh
        Pittsburgh;US;PA;4044;-8000;pit+ pittsburgh pitbpa
        Minneapolis;US;MN;4498;-9327;msp minneapolis mplsmn
        Saint Louis;US;MO;3863;-9020;stl stlouis saintlouis stlsmo
        Kansas City;US;MO;3910;-9458;mci kansascity kscymo
        Council Bluffs;US;IA;4126;-9586;councilbluffs
        Dallas;US;TX;3278;-9680;dfw dal. dls. dallas dllstx dlstx
        Houston;US;TX;2976;-9537;iah hou. houston hstntx
        Austin;US;TX;3027;-9774;aus austin austtx
        San Antonio;US;TX;2942;-9849;sat+ sanantonio snantx
        Denver;US;CO;3974;-10499;den denver dnvrco dvmco
        Salt Lake City;US;UT;4076;-11189;slc saltlakecity slkcut
        Phoenix;US;AZ;3345;-11207;phx phoenix+ phnxaz
        Las Vegas;US;NV;3617;-11514;las lasvegas lsvgnv
        Los Angeles;US;CA;3405;-11824;lax losangeles lsanca las@twelve99.net las@telia.net
        San Diego;US;CA;3272;-11716;san+ sandiego sndgca
        San Jose;US;CA;3734;-12189;sjc sanjose snjsca sjo@twelve99.net sjo@telia.net
        Santa Clara;US;CA;3735;-12196;santaclara sntcca
        Palo Alto;US;CA;3744;-12214;pao. paix paloalto plalca
        Sunnyvale;US;CA;3737;-12204;snv. sunnyvale snvaca
        Fremont;US;CA;3755;-12199;fmt. fremont
        San Francisco;US;CA;3777;-12242;sfo sanfrancisco snfcca sffca
        Sacramento;US;CA;3858;-12149;smf sac+ sacramento scrmca
        Portland;US;OR;4552;-12268;pdx portland ptldor
        Hillsboro;US;OR;4552;-12299;hillsboro hio.
        Seattle;US;WA;4761;-12233;sea seattle sttlwa
        Toronto;CA;ON;4365;-7938;tor+ yyz yto. toronto toroon trnton
        Montreal;CA;QC;4550;-7357;yul ymq. mtl. montreal mtrlpq
        Vancouver;CA;BC;4928;-12312;yvr van+ vancouver vancbc
        Calgary;CA;AB;5105;-11407;yyc calgary clgrab
        Ottawa;CA;ON;4542;-7570;yow ottawa ottwon
        Beauharnois;CA;QC;4532;-7387;bhs. beauharnois
        Mexico City;MX;;1943;-9913;mex mexicocity mexico
        Queretaro;MX;;2059;-10039;qro queretaro
        Guadalajara;MX;;2067;-10335;gdl guadalajara
        Monterrey;MX;;2569;-10032;mty monterrey
        Panama City;PA;;898;-7952;pty panamacity panama
        San Jose;CR;;993;-8408;sjo sanjose
        San Juan;PR;;1847;-6611;sju sanjuan
        Bogota;CO;;471;-7407;bog bogota
        Quito;EC;;-18;-7847;uio quito
        Lima;PE;;-1205;-7704;lim lima
        Santiago;CL;;-3345;-7067;scl santiago
        Buenos Aires;AR;;-3460;-5838;eze bue. aep. buenosaires
        Montevideo;UY;;-3490;-5616;mvd montevideo
        Sao Paulo;BR;;-2355;-4663;sao gru cgh. spo. saopaulo
        Rio de Janeiro;BR;;-2291;-4317;rio. sdu. riodejaneiro
        Fortaleza;BR;;-373;-3853;for+ ftz. fortaleza
        Brasilia;BR;;-1579;-4788;bsb. brasilia
        Porto Alegre;BR;;-3003;-5123;poa. portoalegre
        Tokyo;JP;;3568;13969;tyo tok. tky. nrt hnd tokyo tokyjp
        Osaka;JP;;3469;13550;osa kix osaka osakjp
        Seoul;KR;;3757;12698;sel+ icn gmp. seoul seolko
        Hong Kong;HK;;2232;11417;hkg hongkong newthk hnk@twelve99.net hnk@telia.net
        Taipei;TW;;2503;12157;tpe taipei taiptw
        Singapore;SG;;129;10385;sin sgp. singapore sngpsi snge@twelve99.net snge@telia.net
        Kuala Lumpur;MY;;314;10169;kul kualalumpur klmpml
        Bangkok;TH;;1376;10050;bkk dmk. bangkok
        Jakarta;ID;;-621;10685;cgk jkt. jakarta
        Manila;PH;;1460;12098;mnl manila
        Hanoi;VN;;2103;10585;han+ hanoi
        Ho Chi Minh City;VN;;1078;10670;sgn hcm. hochiminh hochiminhcity
        Mumbai;IN;;1908;7288;bom mum. mumbai
        Delhi;IN;;2861;7721;del+ delhi newdelhi
        Chennai;IN;;1308;8027;maa chn. chennai
        Bengaluru;IN;;1297;7759;blr bengaluru bangalore
        Hyderabad;IN;;1739;7849;hyd hyderabad
        Kolkata;IN;;2257;8836;ccu kolkata
        Karachi;PK;;2486;6701;khi karachi
        Dubai;AE;;2520;5527;dxb dwc. dubai
        Fujairah;AE;;2513;5633;fjr. fujairah
        Doha;QA;;2529;5153;doh doha
        Tel Aviv;IL;;3209;3478;tlv telaviv
        Beijing;CN;;3990;11641;pek pkx. bjs. beijing
        Shanghai;CN;;3123;12147;pvg sha+ shanghai
        Guangzhou;CN;;2313;11326;can+ guangzhou
        Shenzhen;CN;;2254;11406;szx shenzhen
        Sydney;AU;NSW;-3387;15121;syd sydney sydnau
        Melbourne;AU;VIC;-3781;14496;mel melbourne mlbnau
        Brisbane;AU;QLD;-2747;15303;bne brisbane
        Perth;AU;WA;-3195;11586;per+ perth
        Adelaide;AU;SA;-3493;13860;adl adelaide
        Auckland;NZ;;-3685;17476;akl auckland
        Wellington;NZ;;-4129;17478;wlg wellington
        Johannesburg;ZA;;-2620;2805;jnb johannesburg
        Cape Town;ZA;;-3392;1842;cpt capetown
        Durban;ZA;;-2986;3103;dur. durban
        Nairobi;KE;;-129;3682;nbo nairobi
        Mombasa;KE;;-404;3967;mba mombasa
        Lagos;NG;;652;338;los+ lagos
        Accra;GH;;560;-19;accra
        Cairo;EG;;3004;3124;cai cairo
        Casablanca;MA;;3357;-759;cmn casablanca
        Tunis;TN;;3681;1018;tunis
        Algiers;DZ;;3675;306;alg. algiers
        Dakar;SN;;1469;-1745;dkr dakar
        Djibouti;DJ;;1159;4315;jib. djibouti
        El Arish;EG;;3107;3384;aac.
        Al Ain;AE;;2426;5561;aan.
        Samarinda;ID;;-38;11725;aap.
        Asaba;NG;;620;666;abb.
        Allentown;US;PA;4065;-7544;abe+
        Albuquerque;US;NM;3504;-10661;abq.
        Abuja;NG;;906;749;abv. abuja
        Acapulco;MX;;1676;-9975;aca.
        Ciudad Acuna;MX;;2933;-10110;acn.
        Atlantic City;US;NJ;3946;-7458;acy.
        Izmir;TR;;3829;2716;adb.
        Addis Ababa;ET;;904;3870;addisababa
        Aden;YE;;1283;4503;ade.
        Amman;JO;;3195;3593;adj. amman
        San Andres;CO;;1258;-8171;adz.
        Sochi;RU;;4345;3996;aer.
        Alexandria;US;LA;3133;-9255;aex.
        Ciudad del Este;PY;;-2546;-5484;agt.
        Aguascalientes;MX;;2171;-10232;agu.
        Agadez;NE;;1697;800;ajy.
        Akron;US;OH;4104;-8147;akc.
        Aktyubinsk;KZ;;5025;5721;akx.
        Almaty;KZ;;4335;7704;ala+
        Albany;US;NY;4275;-7380;alb.
        Alicante;ES;;3828;-56;alc.
        Alice;US;TX;2774;-9803;ali+
        Aleppo;SY;;3618;3722;alp.
        Amarillo;US;TX;3522;-10171;ama.
        Ahmedabad;IN;;2308;7264;amd.
        Amman;JO;;3195;3593;amm
        Anchorage;US;AK;6117;-15000;anc.
        St. George;AG;;1714;-6179;anu.
        Apia;WS;;-1384;-17177;apw. apia
        Aqaba;JO;;2961;3502;aqj.
        Arequipa;PE;;-1634;-7158;aqp.
        Arad;RO;;4618;2126;arw.
        Asmara;ER;;1533;3893;asm. asmara
        Asuncion;PY;;-2529;-5763;asu. asuncion
        Artigas;UY;;-3040;-5651;ati.
        Amritsar;IN;;3171;7480;atq.
        Atar;MR;;2051;-1304;atr.
        Appleton;US;WI;4426;-8852;atw.
        Assiut;EG;;2705;3101;atz.
        Oranjestad;AW;;1250;-7002;aua.
        Abu Dhabi;AE;;2447;5437;auh abudhabi
        Wilkes-Barre;US;PA;4134;-7572;avp.
        Ayodhya;IN;;2675;8215;ayj.
        Antalya;TR;;3690;3080;ayt.
        Kalamazoo;US;MI;4223;-8555;azo.
        Samana;DO;;1927;-6974;azs.
        Manama;BH;;2624;5058;bah. manama
        Barranquilla;CO;;1089;-7478;baq.
        Bucharest;RO;;4444;2610;bbu.
        Bacolod City;PH;;1078;12302;bcd.
        Hamilton;BM;;3236;-6468;bda.
        Baudette;US;MN;4873;-9461;bde.
        Windsor Locks;US;CT;4194;-7268;bdl.
        Bandung;ID;;-690;10758;bdo.
        Belem;BR;;-138;-4848;bel+
        Benghazi;LY;;3210;2027;ben+
        Beirut;LB;;3387;3551;bey+ beirut
        Seattle;US;WA;4753;-12230;bfi.
        Mobile;US;AL;3063;-8807;bfm.
        Bloemfontain;ZA;;-2909;2630;bfn.
        Belfast;GB;;5466;-622;bfs.
        Bangui;CF;;437;1856;bgf. bangui
        Bridgetown;BB;;1310;-5962;bgi. bridgetown
        Bangor;US;ME;4481;-6883;bgr.
        Baghdad;IQ;;3334;4439;bgw. baghdad
        Birmingham;US;AL;3356;-8675;bhm.
        Billings;US;MT;4581;-10854;bil.
        Banjul;GM;;1345;-1659;bjl. banjul
        Bujumbura;BI;;-338;2936;bjm. bujumbura
        Bodrum;TR;;3725;2766;bjv.
        Silao;MX;;2099;-10148;bjx.
        Kota Kinabalu;MY;;594;11605;bki.
        Jebel;TM;;3968;5420;bkn.
        Barcelona;VE;;1011;-6469;bla.
        Panama City;PA;;897;-7954;blb.
        Bellingham;US;WA;4879;-12254;bli.
        Blackpool;GB;;5377;-303;blk.
        Blantyre;MW;;-1568;3497;blz.
        Broome;AU;;-1794;12223;bme.
        Bandar Abbas;IR;;2722;5638;bnd.
        Banja Luka;BA;;4494;1730;bnx.
        Isla Colon;PA;;934;-8225;boc.
        Kralendijk;BQ;;1213;-6827;bon+
        Balikpapan;ID;;-127;11689;bpn.
        Brownsville;US;TX;2591;-9743;bro.
        Barahona;DO;;1825;-7112;brx.
        Basrah;IQ;;3055;4766;bsr.
        Bishkek;KG;;4288;7458;bsz. bishkek
        Bonthe;SL;;753;-1252;bte.
        Burlington;US;VT;4447;-7315;btv.
        Buffalo;US;NY;4294;-7873;buf+
        Bulawayo;ZW;;-2002;2862;buq.
        Bandar Seri Begawan;BN;;488;11493;bwn. bandarseribegawan
        Blytheville;US;AR;3596;-8994;byh.
        Beja;PT;;3808;-793;byj.
        Belize City;BZ;;1754;-8831;bze.
        Bozeman;US;MT;4578;-11115;bzn.
        Strymba;MD;;4784;2778;bzy.
        Cochabamba;BO;;-1742;-6618;cbb.
        Calabar;NG;;498;835;cbq.
        Canberra;AU;;-3528;14913;cbr. canberra
        New Administrative Capital;EG;;3007;3183;cce.
        Calicut;IN;;1114;7596;ccj.
        Lapu-Lapu City;PH;;1031;12398;ceb.
        Chiang Rai;TH;;1995;9988;cei.
        Ciudad Obregon;MX;;2739;-10983;cen.
        Kerkyra Island;GR;;3960;1991;cfu.
        Chittagong;BD;;2225;9181;cgp.
        Laguindingan;PH;;861;12446;cgy.
        Christchurch;NZ;;-4349;17253;chc.
        Souda;GR;;3553;2415;chq.
        Charleston;US;SC;3290;-8004;chs.
        Changuinola;PA;;946;-8252;chx.
        Sault Ste Marie;US;MI;4625;-8447;ciu.
        Chiclayo;PE;;-679;-7983;cix.
        Coimbatore;IN;;1103;7704;cjb.
        Cheongju;KR;;3672;12750;cjj.
        Ciudad Juarez;MX;;3164;-10643;cjs.
        Jeju City;KR;;3351;12649;cju.
        Cherkasy;UA;;4942;3200;ckc.
        Chongqing;CN;;2972;10664;ckg.
        Cluj-Napoca;RO;;4678;2369;clj.
        Port Angeles;US;WA;4812;-12350;clm.
        Cali;CO;;354;-7638;clo.
        Colombo;LK;;693;7986;cmb. colombo
        Ciudad del Carmen;MX;;1865;-9180;cme.
        Corumba;BR;;-1901;-5767;cmg.
        Camaguey;CU;;2142;-7785;cmw.
        Constanta;RO;;4436;2849;cnd.
        Belo Horizonte;BR;;-1962;-4397;cnf.
        Mattannur;IN;;1192;7555;cnn.
        Cairns;AU;;-1689;14576;cns.
        Chiang Mai;TH;;1877;9896;cnx.
        Cochin;IN;;1015;7640;cok.
        Casper;US;WY;4291;-10646;cpr.
        Ciudad Real;ES;;3886;-397;cqm.
        Angeles City;PH;;1519;12056;crk.
        Corpus Christi;US;TX;2777;-9750;crp.
        Charleston;US;WV;3838;-8159;crw.
        Turkmenabat;TM;;3908;6361;crz.
        Cut Bank;US;MT;4861;-11238;ctb.
        Cartagena;CO;;1044;-7551;ctg.
        Chetumal;MX;;1850;-8833;ctm.
        Chengdu;CN;;3067;10407;ctu chengdu
        Cucuta;CO;;793;-7251;cuc.
        Culiacan;MX;;2476;-10748;cul.
        Cancun;MX;;2104;-8688;cun.
        Willemstad;CW;;1219;-6896;cur.
        Chihuahua;MX;;2870;-10596;cuu.
        Cusco;PE;;-1354;-7194;cuz.
        Covington;US;KY;3905;-8467;cvg.
        Ciudad Victoria;MX;;2370;-9896;cvm.
        Chernivtsi;UA;;4826;2598;cwc.
        Lake Charles;US;LA;3021;-9314;cwf.
        Cardiff;GB;;5140;-334;cwl.
        Banana;KI;;199;-15735;cxi.
        Calexico;US;CA;3267;-11552;cxl.
        Cayman Brac;KY;;1969;-7988;cyb.
        Cayo Largo del Sur;CU;;2162;-8155;cyo.
        Colonia;UY;;-3446;-5777;cyr.
        Constantine;DZ;;3628;662;czl.
        Cozumel;MX;;2052;-8693;czm.
        Daytona Beach;US;FL;2918;-8106;dab.
        Dhaka;BD;;2372;9041;dac. dhaka
        Da Nang;VN;;1604;10820;dad+
        Damascus;SY;;3350;3630;damascus
        Dar es Salaam;TZ;;-680;3927;dar+ daressalaam
        David;PA;;839;-8244;dav.
        El Alamein;EG;;3092;2846;dbb.
        Debrecen;HU;;4749;2162;deb.
        Durango;MX;;2412;-10453;dgo.
        Dili;TL;;-856;12558;dil. dili
        Djerba;TN;;3388;1078;dje.
        Jayapura-Papua Island;ID;;-258;14052;djj.
        Douala;CM;;401;972;dla.
        Duluth;US;MN;4684;-9219;dlh.
        Dalaman;TR;;3671;2879;dlm.
        Taraz;KZ;;4285;7130;dmb.
        Ad Dammam;SA;;2647;4980;dmm.
        Dnipro;UA;;4836;3510;dnk.
        Donetsk;UA;;4807;3774;dok.
        Denpasar-Bali Island;ID;;-875;11517;dps.
        Duqm;OM;;1950;5763;dqm.
        Daraga;PH;;1311;12368;drp.
        Del Rio;US;TX;2937;-10093;drt.
        Darwin;AU;;-1242;13088;drw.
        Des Moines;US;IA;4153;-9366;dsm.
        Diass;SN;;1467;-1707;dss.
        Douglas Bisbee;US;AZ;3147;-10960;dug.
        Davao City;PH;;713;12565;dvo.
        Jewar;IN;;2818;7761;dxn.
        Dzaoudzi;YT;;-1280;4528;dza.
        Durazno;UY;;-3336;-5650;dzo.
        Paramaribo;SR;;584;-5517;eax. paramaribo
        Kampala;UG;;32;3258;ebb. kampala
        Arbil;IQ;;3624;4396;ebl.
        Nicosia;CY;;3517;3337;nicosia
        Panama City;US;FL;3036;-8580;ecp.
        Eldoret;KE;;40;3524;edl.
        Newport;US;VT;4489;-7223;efk.
        Eagle Pass;US;TX;2886;-10051;egp.
        Road Town;VG;;1844;-6454;eis.
        El Paso;US;TX;3181;-10638;elp.
        Enegu;NG;;647;756;enu.
        Erie;US;PA;4208;-8017;eri.
        Erenhot;CN;;4342;11210;erl.
        Erzurum;TR;;3996;4117;erz.
        Ankara;TR;;3993;3286;ankara
        Mariscal Estigarribia;PY;;-2205;-6062;esg.
        Yerevan;AM;;4018;4451;evn. yerevan
        Key West;US;FL;2456;-8176;eyw.
        Fairbanks;US;AK;6482;-14786;fai.
        Kalispell;US;MT;4831;-11426;fca.
        Kinshasa;CD;;-433;1531;fih. kinshasa
        Kisangani;CD;;48;2534;fki.
        Fort Lauderdale;US;FL;2607;-8015;fll.
        Florianopolis;BR;;-2767;-4855;fln.
        Freetown;SL;;847;-1324;freetown
        Pyongyang;KP;;3902;12575;fnj. pyongyang
        Flint;US;MI;4296;-8374;fnt.
        Fuzhou;CN;;2594;11966;foc.
        Freeport;BS;;2656;-7870;fpo.
        Fort Pierce;US;FL;2750;-8037;fpr.
        San Benito;GT;;1691;-8987;frs.
        Fort Worth;US;TX;3282;-9736;ftw.
        Funafuti;TV;;-852;17922;funafuti
        Gabes;TN;;3388;1010;gae.
        Gafsa;TN;;3442;882;gaf.
        Guwahati;IN;;2611;9159;gau.
        Gabala;AZ;;4083;4771;gbb.
        Gaborone;BW;;-2465;2591;gbe. gaborone
        Georgetown;KY;;1929;-8136;gcm.
        Cockburn Town;TC;;2144;-7114;gdt.
        Spokane;US;WA;4762;-11754;geg.
        General Santos;PH;;606;12510;ges.
        Grand Forks;US;ND;4795;-9718;gfk.
        George Town;BS;;2356;-7588;ggt.
        Brasov;RO;;4571;2552;ghv.
        Galveston;US;TX;2926;-9486;gls.
        Gombe;NG;;1030;1090;gmo.
        Saint George's;GD;;1205;-6174;gnd. saintgeorges
        Nizhny Novgorod;RU;;5623;4378;goj.
        Garoua;CM;;934;1337;gou.
        Mopa;IN;;1573;7387;gox.
        Gulfport;US;MS;3041;-8907;gpt.
        Green Bay;US;WI;4448;-8813;grb.
        Grand Rapids;US;MI;4288;-8552;grr.
        Greensboro;US;NC;3610;-7994;gso.
        Greer;US;SC;3490;-8222;gsp.
        Gulf Shores;US;AL;3029;-8767;guf.
        Atyrau;KZ;;4712;5182;guw.
        Sayun;YE;;1597;4879;gxf.
        Baku;AZ;;4040;4986;gyd. baku
        Guayaquil;EC;;-216;-7988;gye.
        Guaymas;MX;;2797;-11092;gym.
        Gary;US;IN;4162;-8742;gyy.
        Gaziantep;TR;;3695;3748;gzt.
        Moroni;KM;;-1170;4324;hah. moroni
        Haikou;CN;;1993;11046;hak.
        Haa Dhaalu;MV;;675;7317;haq.
        Havana;CU;;2313;-8237;hav. havana
        Hobart;AU;;-4284;14751;hba.
        Alexandria;EG;;3092;2970;hbe.
        Hat Yai;TH;;693;10039;hdy.
        Hohhot;CN;;4085;11182;het.
        Haifa;IL;;3281;3504;hfa.
        Hefei;CN;;3199;11698;hfe.
        Hargeisa;SO;;956;4406;hga. hargeisa
        Hangzhou;CN;;3023;12043;hgh.
        Honiara;SB;;-944;15995;hir. honiara
        Phuket;TH;;811;9832;hkt.
        Jakarta;ID;;-617;10683;hlp.
        Hamilton;NZ;;-3787;17533;hlz.
        Sohag;EG;;2634;3174;hmb.
        Hermosillo;MX;;2910;-11105;hmo.
        Honolulu;US;HI;2132;-15792;hnl.
        Haiphong;VN;;2082;10672;hph.
        Harare;ZW;;-1782;3104;hre. harare
        Hurghada;EG;;2718;3380;hrg.
        Hambantota;LK;;628;8112;hri.
        Kharkiv;UA;;4992;3629;hrk.
        Harlingen;US;TX;2623;-9766;hrl.
        Turkistan;KZ;;4331;6855;hsa.
        Rajkot;IN;;2238;7103;hsr.
        Huntsville;US;AL;3464;-8678;hsv.
        Houlton;US;ME;4612;-6779;hul.
        Huatulco;MX;;1578;-9626;hux.
        Ludhiana;IN;;3075;7563;hwr.
        Niagara Falls;US;NY;4311;-7895;iag.
        Isfahan;IR;;3275;5186;ifn.
        Ivano-Frankivsk;UA;;4888;2469;ifo.
        Bullhead City;US;AZ;3516;-11456;ifp.
        Puerto Iguazu;AR;;-2574;-5447;igr.
        Foz Do Iguacu;BR;;-2560;-5448;igu.
        Tehran;IR;;3567;5142;ika. tehran
        Tamchy;KG;;4259;7671;iku.
        Wilmington;US;NC;3427;-7790;ilm.
        Iloilo City;PH;;1083;12249;ilo.
        Ilorin;NG;;844;449;ilr.
        San Salvador;SV;;1370;-8922;sansalvador
        International Falls;US;MN;4857;-9340;inl.
        Iquitos;PE;;-378;-7331;iqt.
        Islamabad;PK;;3369;7308;isb. islamabad
        Isparta;TR;;3785;3037;ise.
        Sulaymaniyah;IQ;;3556;4532;isu.
        Ithaca;US;NY;4249;-7646;ith.
        Hilo;US;HI;1972;-15505;ito.
        Mangalore;IN;;1296;7489;ixe.
        Port Blair;IN;;1164;9273;ixz.
        Jaffna;LK;;979;8007;jaf.
        Jaipur;IN;;2682;7581;jai.
        La Isabela;DO;;1857;-6999;jbq.
        Jeddah;SA;;2168;3916;jed
        Senai;MY;;164;10367;jhb.
        Juneau;US;AK;5836;-13458;jnu.
        Yogyakarta;ID;;-779;11043;jog.
        Arusha;TZ;;-343;3708;jro.
        San Salvador de Jujuy;AR;;-2439;-6510;juj.
        Kariba;ZW;;-1652;2888;kab.
        Kano;NG;;1205;852;kan.
        Kabul;AF;;3452;6918;kbl. kabul
        Kuching;MY;;148;11035;kch.
        Kerki;TM;;3781;6521;kea.
        Reykjavik;IS;;6414;-2194;kef. reykjavik
        Karaganda;KZ;;4967;7333;kgf.
        Kigali;RW;;-195;3006;kgl. kigali
        Kogalym;RU;;6219;7453;kgp.
        Kaohsiung City;TW;;2258;12035;khh.
        Nanchang;CN;;2886;11590;khn.
        Kaieteur Falls;GY;;517;-5949;kia.
        Kish Island;IR;;2653;5398;kih.
        Bandung;ID;;-665;10817;kjt.
        Kalibo;PH;;1168;12238;klo.
        Karlovy Vary;CZ;;5020;1292;klv.
        Kunming;CN;;2499;10274;kmg.
        Medan;ID;;364;9887;kno.
        Kailua-Kona;US;HI;1974;-15605;koa.
        Kurgan-Tyube;TJ;;3787;6886;kqt.
        Krasnodar;RU;;4504;3917;krr.
        Khartoum;SD;;1559;3253;krt. khartoum
        Kostanay;KZ;;5321;6355;ksn.
        Krong Ta Khmau;KH;;1136;10492;kti.
        Kathmandu;NP;;2772;8532;ktm. kathmandu
        Ketchikan;US;AK;5535;-13171;ktn.
        Katowice;PL;;5047;1908;ktw.
        Samara;RU;;5350;5016;kuf.
        Kaunas;LT;;5496;2408;kun.
        Kavala;GR;;4091;2462;kva.
        Kryvyi Rih;UA;;4804;3321;kwg.
        Kuwait City;KW;;2937;4798;kwi kuwaitcity
        Guilin City;CN;;2522;11004;kwl.
        Kazan;RU;;5561;4928;kzn.
        Lakeland;US;FL;2799;-8202;lal.
        Laoag City;PH;;1818;12053;lao.
        Lubbock;US;TX;3366;-10182;lbb.
        Larnaca;CY;;3488;3362;lca.
        La Ceiba;HN;;1574;-8685;lce.
        Columbus;US;OH;3981;-8293;lck.
        Almeria;ES;;3684;-237;lei.
        Langkawi;MY;;633;9973;lgk.
        Lahore;PK;;3152;7440;lhe.
        Lachin;AZ;;4049;4998;lhl.
        Puerto Limon;CR;;996;-8302;lio.
        Limestone;US;ME;4695;-6789;liz+
        Lucknow;IN;;2676;8089;lko.
        Lankaran;AZ;;3875;4882;llk.
        Lilongwe;MW;;-1398;3378;llw. lilongwe
        Los Mochis;MX;;2568;-10908;lmm.
        La Paz;BO;;-1650;-6815;lpb. lapaz
        Luang Phabang;LA;;1990;10216;lpq.
        Liepaja;LV;;5652;2110;lpx.
        Laredo;US;TX;2754;-9946;lrd.
        Niamtougou;TG;;977;109;lrl.
        La Romana;DO;;1845;-6891;lrm.
        Las Cruces;US;NM;3229;-10692;lru.
        Paraguana;VE;;1178;-7015;lsp.
        Latakia;SY;;3540;3595;ltk.
        Loreto;MX;;2599;-11135;lto.
        Latacunga;EC;;-91;-7862;ltx.
        Lusaka;ZM;;-1542;2828;lun. lusaka
        Lviv;UA;;4981;2396;lwo.
        Lawrenceville;US;IL;3876;-8761;lwv.
        Luxor;EG;;2567;3271;lxr.
        Faisalabad;PK;;3136;7300;lyp.
        Midland;US;TX;3194;-10220;maf.
        Majuro Atoll;MH;;706;17127;maj.
        Manaus;BR;;-304;-6005;mao.
        Mafeking;ZA;;-2580;2555;mbd.
        Montego Bay;JM;;1850;-7791;mbj.
        Saginaw;US;MI;4353;-8408;mbs.
        Muscat;OM;;2358;5838;mct. muscat
        Rionegro;CO;;616;-7542;mde
        Mudanjiang;CN;;4452;12957;mdg.
        Mandalay;MM;;2170;9598;mdl.
        Mar del Plata;AR;;-3793;-5757;mdq.
        Harrisburg;US;PA;4019;-7676;mdt.
        Mc Allen;US;TX;2618;-9824;mfe.
        Taipa;MO;;2215;11359;mfm.
        Medford;US;OR;4238;-12287;mfr.
        Managua;NI;;1216;-8627;managua
        Mogadishu;SO;;207;4536;mgq. mogadishu
        Mashhad;IR;;3624;5964;mhd.
        Marsh Harbour;BS;;2651;-7708;mhh.
        Maiduguri;NG;;1186;1308;miu.
        Mytilene;GR;;3906;2660;mjt.
        Milwaukee;US;WI;4295;-8790;mke.
        Melbourne;US;FL;2810;-8064;mlb.
        Male;MV;;417;7351;mle. male+
        Moline;US;IL;4145;-9051;mli.
        Morelia;MX;;1985;-10102;mlm.
        Melo;UY;;-3234;-5422;mlz.
        Mariupol;UA;;4708;3745;mpw.
        Magnitogorsk;RU;;5339;5876;mqf.
        Mpumalanga;ZA;;-2538;3111;mqp.
        Misrata;LY;;3233;1506;mra.
        Port Louis;MU;;-2017;5750;mru. portlouis
        Minsk;BY;;5390;2756;msq. minsk
        Maseru;LS;;-2932;2748;msu. maseru
        Monticello;US;NY;4170;-7480;msv.
        New Orleans;US;LA;2999;-9026;msy.
        Marathon;US;FL;2473;-8105;mth.
        Franceville;GA;;-166;1344;mvb.
        Masvingo;ZW;;-2006;3086;mvz.
        Moses Lake;US;WA;4721;-11932;mwh.
        Mexicali;MX;;3263;-11524;mxl.
        Myrtle Beach;US;SC;3368;-7893;myr.
        Mazatlan;MX;;2316;-10627;mzt.
        Naqpur;IN;;2109;7905;nag+
        Nassau;BS;;2508;-7735;nassau
        Enfidha;TN;;3608;1044;nbe+
        Luanda;AO;;-884;1323;nbj. luanda
        Nouadhibou;MR;;2093;-1703;ndb.
        N'Djamena;TD;;1212;1505;ndj. ndjamena
        Nador;MA;;3499;-303;ndr.
        Ningbo;CN;;2983;12146;ngb.
        Tokoname;JP;;3486;13680;ngo.
        Niamey;NE;;1352;212;niamey
        Najaf;IQ;;3199;4440;njf.
        Nouakchott;MR;;1809;-1598;nkc. nouakchott
        Ndola;ZM;;-1296;2852;nla.
        Burnt Pine;NF;;-2904;16794;nlk.
        Maafaru;MV;;582;7347;nmf.
        Navi Mumbai;IN;;1859;7304;nmi.
        Noumea;NC;;-2202;16621;nou.
        Astana;KZ;;5102;7147;nqz.
        Yaounde;CM;;387;1152;nsi. yaounde
        Pilanesberg;ZA;;-2533;2717;nty.
        Navegantes;BR;;-2688;-4865;nvt.
        Norwich;GB;;5268;128;nwi.
        Oaxaca;MX;;1700;-9673;oax.
        Ocala;US;FL;2917;-8222;ocf.
        Odesa;UA;;4643;3068;ods.
        Ogdensburg;US;NY;4468;-7546;ogs.
        Oklahoma City;US;OK;3539;-9760;okc.
        Nogales;US;AZ;3142;-11085;ols.
        Mostar;BA;;4328;1785;omo.
        Oradea;RO;;4702;2190;omr.
        Norfolk;US;VA;3690;-7620;orf.
        Mosul;IQ;;3631;4315;osb.
        Moscow;RU;;5575;3761;osf.
        Ostend;BE;;5112;251;ost+
        Bissau;GW;;1186;-1560;bissau
        Zaporizhzhia;UA;;4787;3532;ozh.
        Port-au-Prince;HT;;1854;-7234;portauprince
        Plattsburgh;US;NY;4465;-7347;pbg.
        West Palm Beach;US;FL;2668;-8010;pbi.
        Zandery;SR;;545;-5519;pbm.
        Plovdiv;BG;;4207;2485;pdv.
        Peshawar;PK;;3399;7152;pew.
        Paphos;CY;;3472;3249;pfo.
        Pascagoula;US;MS;3046;-8853;pgl.
        Asaluyeh;IR;;2738;5274;pgu.
        Port Harcourt;NG;;501;695;phc.
        Port Hedland;AU;;-2038;11863;phe.
        Newport News;US;VA;3713;-7649;phf.
        Port Huron;US;MI;4291;-8253;phn.
        Peoria;US;IL;4066;-8969;pia.
        Pedro Juan Caballero;PY;;-2264;-5583;pjc.
        Pakse;LA;;1513;10578;pkz.
        Poltava;UA;;4957;3440;plv.
        Semey;KZ;;5035;8023;plx.
        Isla Margarita;VE;;1091;-6397;pmv.
        Pohnpei Island;FM;;698;15821;pni.
        Pensacola;US;FL;3047;-8719;pns.
        Port Moresby;PG;;-946;14719;pom. portmoresby
        Port of Spain;TT;;1065;-6152;portofspain
        Pago Pago;AS;;-1433;-17071;ppg.
        Petropavlosk;KZ;;5478;6918;ppk.
        Presque Isle;US;ME;4669;-6804;pqi.
        Lipjan;XK;;4257;2104;prn.
        Palm Springs;US;CA;3383;-11651;psp.
        Pescara;IT;;4243;1418;psr.
        Potgietersrus;ZA;;-2384;2946;ptg.
        Pontiac;US;MI;4267;-8342;ptk.
        Punta Cana;DO;;1857;-6836;puj.
        Busan;KR;;3518;12894;pus.
        Providence;US;RI;4172;-7143;pvd.
        Puerto Vallarta;MX;;2068;-10525;pvr.
        Portland;US;ME;4365;-7031;pwm.
        Pavlodar;KZ;;5220;7707;pwq.
        Puerto Escondido;MX;;1588;-9709;pxm.
        Puerto Ordaz-Ciudad Guayana;VE;;829;-6276;pzo.
        Port Sudan;SD;;1943;3723;pzu.
        Gyor;HU;;4762;1781;qgy.
        Praia;CV;;1492;-2352;praia
        Avarua;CK;;-2120;-15981;rar.
        Raleigh;US;NC;3588;-7879;rdu.
        Recife;BR;;-813;-3492;rec.
        Chicago;US;IL;4220;-8910;rfd.
        Rio Grande;AR;;-5378;-6775;rga.
        Yangon;MM;;1678;9616;rgn. yangon
        Richmond;US;VA;3751;-7732;ric+
        Riyan;YE;;1466;4938;riy.
        Ras Al Khaimah;AE;;2561;5594;rkt.
        Merlo;AR;;-3238;-6519;rlo.
        Rome;US;NY;4323;-7541;rme.
        Marsa Alam;EG;;2556;3458;rmf.
        Rimini;IT;;4402;1261;rmi.
        Chisinau;MD;;4693;2893;rmo.
        Corvera;ES;;3780;-112;rmu.
        Reno;US;NV;3950;-11977;rno.
        Monrovia;LR;;632;-1080;monrovia
        Rochester;US;NY;4312;-7767;roc+
        Rota Island;MP;;1417;14524;rop.
        Rostov-on-Don;RU;;4750;3993;rov.
        Warroad;US;MN;4894;-9535;rrt.
        Hanak;SA;;2563;3709;rsi.
        Rochester;US;MN;4391;-9250;rst.
        Fort Myers;US;FL;2654;-8176;rsw.
        Roatan Island;HN;;1632;-8652;rtb.
        Riyadh;SA;;2463;4672;ruh riyadh
        Rivera;UY;;-3098;-5548;rvy.
        Rivne;UA;;5061;2614;rwn.
        Sana'a;YE;;1536;4420;sah. sanaa
        Savannah;US;GA;3213;-8120;sav+
        San Bernardino;US;CA;3410;-11724;sbd.
        Sheboygan;US;WI;4377;-8785;sbm.
        South Bend;US;IN;4171;-8632;sbn.
        Sibiu;RO;;4579;2409;sbz.
        Socotra Islands;YE;;1263;5391;sct.
        Santiago;CU;;1997;-7583;scu.
        Louisville;US;KY;3817;-8574;sdf.
        Santo Domingo;DO;;1847;-6993;sdq. santodomingo
        Sfax;TN;;3472;1069;sfa.
        Orlando;US;FL;2878;-8124;sfb.
        Olongapo City;PH;;1479;12027;sfs.
        Sharjah;AE;;2533;5552;shj.
        San Jose del Cabo;MX;;2315;-10972;sjd.
        Sarajevo;BA;;4385;1838;sjj. sarajevo
        Shijiazhuang;CN;;3828;11470;sjw.
        Basseterre;KN;;1730;-6272;skb. basseterre
        Thessaloniki;GR;;4052;2297;skg.
        Sokoto;NG;;1292;521;sko.
        Skopje;MK;;4200;2143;skp. skopje
        Saltillo;MX;;2555;-10093;slw.
        Sao Luis;BR;;-258;-4423;slz.
        Sarmellek;HU;;4669;1716;sob.
        Siauliai;LT;;5589;2340;sqq.
        Yamparaez;BO;;-1924;-6515;sre.
        Sarasota;US;FL;2740;-8255;srq.
        Salvador;BR;;-1291;-3832;ssa.
        Nausori;FJ;;-1804;17856;suv.
        New York;US;NY;4150;-7410;swf.
        Saint Martin;SX;;1804;-6311;sxm.
        San Jose;CR;;993;-8408;syq.
        Syracuse;US;NY;4311;-7611;syr.
        Sanya;CN;;1830;10941;syx.
        Shiraz;IR;;2954;5259;syz.
        Subang;MY;;313;10155;szb.
        Tashkent;UZ;;4130;6927;tashkent
        Tbilisi;GE;;4173;4479;tbs. tbilisi
        Nuku'alofa;TO;;-2114;-17522;tbu. nukualofa
        Tabriz;IR;;3813;4624;tbz.
        Targu Mures;RO;;4647;2441;tgm.
        Tegucigalpa;HN;;1410;-8722;tgu. tegucigalpa
        Tuxtla Gutierrez;MX;;1656;-9302;tgz.
        Tehran;IR;;3567;5142;thr.
        Tirana;AL;;4133;1982;tia+ tirana
        Tijuana;MX;;3254;-11697;tij.
        Tyumen;RU;;5719;6532;tjm.
        Weno Island;FM;;746;15184;tkk.
        Toluca;MX;;1934;-9957;tlc.
        Tallahassee;US;FL;3040;-8435;tlh.
        Sao Tome;ST;;34;673;tms. saotome
        Ternopil;UA;;4952;2570;tnl.
        Tulum;MX;;2017;-8767;tqo.
        Trujillo;PE;;-808;-7911;tru.
        Trivandrum;IN;;848;7692;trv.
        Tarawa;KI;;134;17302;trw. tarawa
        Tianjin;CN;;3912;11735;tsn.
        Turbat;PK;;2599;6303;tuk.
        Tulsa;US;OK;3620;-9589;tul+
        Tucson;US;AZ;3212;-11094;tus.
        Port Townsend;US;WA;4805;-12281;twd.
        Huangshan;CN;;2973;11826;txn.
        Tuzla;BA;;4446;1873;tzl.
        Trabzon;TR;;4100;3979;tzx.
        Ulaanbaatar;MN;;4792;10692;ubn. ulaanbaatar
        Uzhhorod;UA;;4863;2226;udj.
        Quetta;PK;;3025;6694;uet.
        Ufa;RU;;5456;5587;ufa.
        Sevastopol;UA;;4469;3357;uks.
        Ulan Bator;MN;;4784;10677;uln.
        Uralsk;KZ;;5115;5154;ura.
        Urumqi;CN;;4381;8757;urc. urumqi
        Rayong;TH;;1268;10100;utp.
        Vieux Fort;LC;;1373;-6095;uvf.
        Maamigili;MV;;347;7283;vam.
        Vava'u Island;TO;;-1858;-17396;vav.
        Dung Quat Bay;VN;;1540;10871;vcl.
        Campinas;BR;;-2301;-4714;vcp.
        Van on;VN;;2112;10741;vdo.
        Veracruz;MX;;1915;-9619;ver+
        Victoria Falls;ZW;;-1810;2584;vfa.
        Vinnitsa;UA;;4924;2861;vin.
        Valencia;VE;;1015;-6793;vln.
        Ventspils;LV;;5736;2154;vnt.
        Volgograd;RU;;4878;4435;vog.
        Varadero;CU;;2303;-8144;vra.
        Vientiane;LA;;1797;10260;vte. vientiane
        Santa Cruz;BO;;-1764;-6314;vvi.
        Vladivostok;RU;;4340;13215;vvo.
        Windhoek;NA;;-2257;1708;wdh. windhoek
        Badgerys Creek;AU;;-3389;15072;wsi.
        Wuhan;CN;;3078;11421;wuh.
        Wuxi;CN;;3149;12043;wux.
        Wewak;PG;;-358;14367;wwk.
        Xianyang;CN;;3445;10875;xiy.
        Xiamen;CN;;2454;11813;xmn.
        Comayagua;HN;;1438;-8762;xpl.
        Williston;US;ND;4826;-10375;xwa.
        Edmonton;CA;AB;5331;-11358;yeg.
        Fredericton;CA;NB;4587;-6654;yfc.
        Hamilton;CA;ON;4317;-7994;yhm.
        Halifax;CA;NS;4488;-6351;yhz.
        Yogyakarta;ID;;-790;11006;yia.
        Yantai;CN;;3766;12099;ynt.
        Sokcho;KR;;3806;12867;yny.
        Quebec City;CA;QC;4679;-7139;yqb.
        Moncton;CA;NB;4611;-6468;yqm.
        Regina;CA;SK;5043;-10467;yqr.
        Gander;CA;NL;4894;-5457;yqx.
        Riviere Rouge;CA;QC;4641;-7478;ytm.
        Winnipeg;CA;MB;4991;-9724;ywg.
        Saskatoon;CA;SK;5217;-10670;yxe.
        Whitehorse;CA;;6071;-13507;yxy.
        Victoria;CA;BC;4865;-12343;yyj.
        Saint John;CA;NL;4762;-5275;yyt.
        Zahedan;IR;;2948;6091;zah.
        Zamboanga City;PH;;692;12206;zam.
        Zacatecas;MX;;2290;-10269;zcl.
        Ixtapa;MX;;1760;-10146;zih.
        Manzanillo;MX;;1914;-10456;zlo.
        Queenstown;NZ;;-4502;16874;zqn.
        Zhytomyr;UA;;5027;2874;ztr.
        Zaqatala;AZ;;4156;4667;ztu.
        Sylhet;BD;;2496;9187;zyl.
        Zangilan;AZ;;3909;4673;zze.
        """
}
