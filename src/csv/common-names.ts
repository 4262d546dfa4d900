/** A language, the encodings in which its files are saved, and common names and words with letters outside ASCII. */
export interface LanguageSample {
  readonly language: string;
  readonly encodings: readonly string[];
  readonly words: string;
}

const WESTERN = ['windows-1252', 'macintosh', 'ibm850'] as const;
const CENTRAL = ['windows-1250', 'iso-8859-2', 'ibm852'] as const;
const CENTRAL_MAC = [...CENTRAL, 'x-mac-ce'] as const;
const BALTIC = ['windows-1257', 'ibm775', 'iso-8859-13', 'iso-8859-4', 'x-mac-ce'] as const;
const TURKISH = ['windows-1254', 'ibm857', 'x-mac-turkish'] as const;
const GREEK = ['windows-1253', 'iso-8859-7', 'x-mac-greek', 'ibm737'] as const;
const CYRILLIC = ['windows-1251', 'koi8-u', 'iso-8859-5', 'x-mac-cyrillic', 'ibm866'] as const;

/** Vietnamese as in windows-1258: tone marks are separate characters, but other diacritics belong to the letter. */
function withToneMarks(words: string): string {
  return words
    .normalize('NFD')
    .replaceAll(/([aeo])([\u0300\u0301\u0303\u0309\u0323]?)([\u0302\u0306\u031b])/gi, '$1$3$2')
    .replaceAll(/[aeou][\u0302\u0306\u031b]/gi, (letter) => letter.normalize('NFC'));
}

/** With cedillas below s and t, as in most encodings. */
const ROMANIAN =
  'Ştefan Ionuţ Constanţa Ştefănescu Ioniţă Mihăilescu Rădulescu Văcărescu Dănilă Brătianu Băsescu Cătălin Cătălina Mădălina Răzvan Ştefania Lenuţa Crăciun Pârvu Câmpeanu Pătraşcu Tănase Stănescu Drăgan Drăghici Bălan Ţurcanu Săndulescu Dumitraşcu Niţă Petruţa Timişoara Iaşi Bucureşti Braşov Piteşti Ploieşti Galaţi Târgu Mureş Bistriţa Vâlcea Şef Producţie Vânzări Direcţia Informaţii Înalt Botoşani Călăraşi Sălaj Dâmboviţa Argeş Neamţ Mehedinţi Orşova Făgăraş Luminiţa Măriuca Răducanu Sănduţa Ştirbu Ţepeş Bârlad Câmpina Făurei Hârşova Mărăşeşti Rădăuţi Târgovişte Zărneşti Aniţa Ilieş Anişoara Măgurele Râmnicu Sărat Oneşti Bălţi Păun';

/**
 * Words that tell what a text of each language looks like: which letters it has, and beside which others. Names of people, of places
 * and of jobs, as lists of people have them.
 */
export const LANGUAGES: readonly LanguageSample[] = [
  {
    language: 'German',
    encodings: WESTERN,
    words:
      'Müller Schäfer Krüger Köhler König Schröder Jäger Böhm Günther Groß Weiß Voß Strauß Preuß Möller Förster Götz Lübke Kühn Kröger Schütz Büchner Bäcker Jörg Jürgen Günter Käthe Bärbel Björn Sören Zürich München Köln Düsseldorf Nürnberg Österreich Straße Geschäftsführer Büro Führung für Übersetzer Prüfung Einkäufer Größe Händler Königsberg Lüneburg Göttingen Tübingen Höfer Brückner Hübner Fröhlich Löffler Schönfeld Wölfel Kästner Jähn Mühlbauer Bäumer Bölke Dörfler Händel Höhn Jänicke Kämmerer Kößler Lämmle Mönch Nägele Pfützner Rößler Schäffler Schüler Thümmel Völker Wünsche Zöllner Bürger Grün Hölzer',
  },
  {
    language: 'French',
    encodings: WESTERN,
    words:
      'André René José François Françoise Hélène Noémie Jérôme Frédéric Stéphane Cédric Sébastien Léa Zoé Chloé Éric Étienne Élodie Benoît Joël Gaël Maël Anaïs Loïc Raphaël Thérèse Geneviève Hervé Mégane Mélanie Céline Cécile Valérie Désirée Grégory Rémi Rémy Théo Léo Inès Lefèvre Gérard Hébert Côté Bouché Ingénieur Comptabilité Développeur Qualité Sécurité Santé Île-de-France Orléans Nîmes Besançon Genève Évreux Élève Août Hôtel Maître garçon cœur Amélie Aurélien Clément Gaëlle Noël Michaël Château Prévost Étude Équipe Conseillère Gaëtan Maéva Timothée Dorothée Béatrice Agnès Zélie Cléa Héloïse Angèle Adèle Eugénie Félix Gérald Irénée Léandre Maïwenn Noëlle Océane Ophélie Salomé Séverine Solène Théodore Bénédicte',
  },
  {
    language: 'Spanish',
    encodings: WESTERN,
    words:
      'José María Jesús Ángel Álvaro Óscar Iván Martín Sebastián Joaquín Adrián Germán Rubén Andrés Tomás Inés Belén Raúl Begoña Íñigo Muñoz Núñez Peña Ibáñez Ordóñez Yáñez Castañeda Gómez González Rodríguez Fernández López Martínez Sánchez Pérez Jiménez Díaz Hernández Álvarez Gutiérrez Vázquez Suárez Ramírez Méndez Domínguez García Ríos Bogotá Medellín Málaga Cádiz Córdoba León España Niño Dirección Gestión Informática Logística Técnico Administración Atención Lucía Sofía Mónica Verónica Agüero Argüello Ávila Nuñez Zúñiga Cañas Acuña Alaníz Alarcón Almaráz Armendáriz Avilés Báez Beltrán Calderón Colón Dávila Farías Galván Guzmán Luján Marín Montañez Páez Quiñónez Rincón Roldán Solórzano Terán Valdés Véliz Aarón Agustín Benjamín César Efraín Elías Fabián Gastón Julián Matías Moisés Ramón Simón Víctor Ángeles Débora Concepción Asunción Jazmín Salomé Alcalá Logroño Jaén Mérida Gijón Cataluña',
  },
  {
    language: 'Portuguese',
    encodings: WESTERN,
    words:
      'João José Conceição Assunção Simões Magalhães Guimarães Gonçalves Lourenço Araújo Falcão Brandão Sérgio António Antônio Inês Mônica Mónica Tânia Cláudia Cátia Fábio Flávio Márcio Márcia Júlio Lúcia Patrícia Letícia Vitória Luís Luísa Estêvão Abraão Sebastião São Brasília Goiânia Évora Setúbal Gestão Operações Logística Secretária Técnico Coração Câmara Ângelo Ávila Ângela Íris Leão Galvão Mourão Beltrão Açores Graça Mendonça França Bragança Corrêa Antão Bastião Cipião Damião Gastão Julião Adão Frazão Salomão Sá Bárbara Débora Andréia Eloá Heloísa Ígor Lívia Maitê Natália Otávio Rogério Valéria Vinícius Zélia Emídio Rosário Inácio Célia Lélia Benício Félix Alícia Hélio',
  },
  {
    language: 'Italian',
    encodings: WESTERN,
    words:
      'Niccolò Nicolò Calabrò Barillà Rosà Forlì Cantù Nardò Alò Città Società Qualità Responsabilità Così Giosuè Noè Mosè Salomè Cefalù Canicattì Perché Caffè Università Attività Unità Zoè Patanè Giù Più Macrì Mondovì Laganà Romanò Musicò Praticò Pellicanò Condò Spanò Giofrè Giuffrè Schirò Scirè Cannavò Zappalà Fragalà Sgrò Viganò Foà Carrà Cirò Mondò Papalìa Contabilità Pubblicità Novità Libertà Lumìa',
  },
  {
    language: 'Dutch',
    encodings: WESTERN,
    words:
      'Zoë Noël Noëlle Daniël Daniëlle Michaël Raphaël Rafaël Joël Anaïs Loïs Chloë Chloé André René José Renée Desirée Hélène België Italië Coördinator Privé Curaçao Gabriël Thaïs Israël Ismaël Financiën Cliënt Naïma Maïté Élise Jürgen Björn',
  },
  {
    language: 'Swedish',
    encodings: WESTERN,
    words:
      'Åsa Åke Åström Öberg Östberg Öhman Sjöberg Lindström Bergström Nyström Sandström Holmström Björk Björklund Björn Göran Jörgen Sören Håkan Mårten Pär Gävle Malmö Göteborg Örebro Västerås Umeå Luleå Jönköping Norrköping Växjö Söderström Sjögren Löfgren Lövgren Hägg Hägglund Ström Åkesson Åberg Ångström Märta Östersund Försäljning Säljare för Åkerlund Nordström Hällström Åse Märit Törnqvist Håkansson Mårtensson Pålsson Grönlund Ärlig André Renée Ekström Engström Fälth Gällman Höglund Höök Kjellström Källström Lidström Näslund Råberg Rönnqvist Sjöström Sköld Svärd Säfström Tärnström Wåhlin Väst Örn Åhman Brännström Bäckström Dahlström Hedström Fröberg Gröndahl Häggström Kärrman Lööf Märtha Ingegärd Märet Göte Gösta Börje',
  },
  {
    language: 'Danish and Norwegian',
    encodings: WESTERN,
    words:
      'Jørgen Søren Bjørn Jørgensen Sørensen Møller Kjær Nørgaard Østergaard Ørsted Åge Åse Håkon Pål Bård Solbjørg Asbjørn Torbjørn Lærke Mærsk Bækken Næss Sæther Sætre Bråten Ødegård Ødegaard Grønland Grønlund Bjørnstad Bjørnsen Haukelidsæter Strøm Brønnøysund Tromsø Bodø Ålesund Ålborg Århus Værløse København Sønderborg Sæbø Håland Vågen Øvrebø Økonomi Sælger Rådgiver Åsmund Øystein Øyvind Børge Jørn Røros Nærum Kværndrup Rødovre Brøndby Mårup Skærbæk Gråsten Måløv André Renée Idé Tønnessen Rønning Løken Sørlie Gjøvik Høie Føreland Lønning Nøkleby Bøe Skjønhaug Frøydis Grøn Høyer Kjølstad Mørk Nygård Årdal Sjøvold Bøgh Brøgger Fløe Gjørv Løvås Rødland Vølund Gråbøl Håvard Lindegård',
  },
  {
    language: 'Finnish',
    encodings: WESTERN,
    words:
      'Hämäläinen Mäkinen Mäki Mäkelä Heikkilä Järvinen Kärkkäinen Väisänen Väänänen Pöllänen Räsänen Hänninen Lehtimäki Jääskeläinen Päivi Äijälä Yrjö Väinö Jyväskylä Hyvinkää Hämeenlinna Särkkä Kähkönen Mönkkönen Hyvönen Mäntylä Ylönen Järvenpää Myyntipäällikkö Henkilöstö Työntekijä Pääjohtaja Ålander Åbo Äärelä Hyppönen Häkkinen Jäntti Kekäläinen Kyllönen Lähteenmäki Myllymäki Määttä Niemelä Pitkänen Pääkkönen Rantamäki Säkkinen Törrönen Väyrynen Pöyhönen Hölttä Jämsä Säynätsalo Äänekoski Nöjd',
  },
  {
    language: 'Icelandic',
    encodings: [...WESTERN, 'x-mac-icelandic'],
    words:
      'Sigurður Guðrún Þór Þóra Þórður Björk Ásgeir Ásta Jón Jóhann Jóhanna Kristín Ólafur Örn Sigurðsson Guðmundsson Guðmundsdóttir Jónsdóttir Sigurðardóttir Einarsdóttir Magnúsdóttir Stefánsson Halldórsdóttir Þorsteinn Hafþór Reykjavík Hörður Dagný Íris Davíð Ragnheiður Óðinn Auður Viðar Böðvar Elísabet Ýmir',
  },
  {
    language: 'Polish',
    encodings: CENTRAL_MAC,
    words:
      'Łukasz Michał Paweł Rafał Małgorzata Łucja Stanisław Mirosław Władysław Bogusław Jarosław Świętosław Żaneta Żak Wójcik Wałęsa Wiśniewski Wiśniewska Dąbrowski Dąbrowska Kozłowski Zieliński Szymański Woźniak Król Wróbel Jabłoński Piątek Pawłowski Sokołowska Górski Górska Zając Bąk Łuczak Głowacki Gałązka Wróblewska Jasiński Czerwińska Mróz Śliwa Ślusarczyk Święcicka Żuraw Źrebak Ćwik Ćwikła Błaszczyk Grażyna Bożena Elżbieta Józef Wrocław Kraków Łódź Poznań Gdańsk Częstochowa Góra Białystok Rzeszów Toruń Sprzedaż Księgowość działu Zarządu Obsługi Inżynier Główny Pracowników Krzyżanowska Wąsik Wołoszyn Bagiński Banaś Jóźwiak Kędzierski Węgrzyn Ołtarzewska Kuźma Mączka Gołębiewska Stępień Żółty Żyła Źródlak Zębala Ożóg Szczęsny Świątek Staśko Rożek Przybyła Piętka Pięta Mikołajczyk Maślanka Łapiński Łukaszewska Kołodziej Kaczyński Jędrzejczak Gąsior Gołąb Dudziński Chrząszcz Chełmiński Buczyński Bębenek Barański Andżelika Błażej Bronisław Czesław Jędrzej Kaźmierz Lesław Łucjan Przemysław Radosław Sławomir Wiesław Zdzisław Żelisław',
  },
  {
    language: 'Czech',
    encodings: CENTRAL_MAC,
    words:
      'Novák Dvořák Procházka Černý Veselý Horák Němec Pokorný Pospíšil Hájek Jelínek Král Růžička Beneš Sedláček Doležal Kolář Krejčí Čermák Vaněk Šťastný Říha Žák Kučera Kovář Bláha Řezníček Šimek Štěpánek Jiří Ondřej Tomáš Lukáš Matěj Vojtěch Zdeněk Václav Miloš Aleš Božena Kateřina Růžena Věra Anežka Eliška Nováková Dvořáková Svobodová Černá Procházková Kučerová Veselá Němcová Marešová Pospíšilová Hájková Králová Jelínková Růžičková Benešová Plzeň České Budějovice Králové Ústí Příbram Děčín Třebíč Břeclav Účetní Vedoucí oddělení Obchodní ředitel Vývojář Správa Řízení Šárka Hořejší Dolejší Tichý Čech Kadeřábek Vítězslav Přemysl Bohumír Jaromír Říčany Třinec Žďár Vsetín Adámek Bartoš Blažek Bureš Čapek Dušek Fišer Hladík Holý Hrubý Hruška Janoušek Jaroš Ježek Kašpar Klíma Konečný Kopecký Kubíček Machová Malý Matějka Mašek Moravcová Musilová Novotný Ostrý Pavlíček Polák Říhová Slavík Stárek Strnadová Sýkora Šafář Škoda Šmíd Špaček Táborský Tůma Urbánek Vávra Vlček Vondráček Žižka Dušan Jáchym Kryštof Mikuláš Oldřich Radomír Šimon Tadeáš',
  },
  {
    language: 'Slovak',
    encodings: CENTRAL_MAC,
    words:
      'Horváth Kováč Tóth Baláž Molnár Lukáč Kováčová Horváthová Tóthová Balážová Hudák Polák Gajdoš Ďuriš Ľubomír Ľubica Ľuboš Ján Štefan Štefánia Mária Matúš Tomáš Marián Ľudovít Žofia Šimko Šándor Košice Žilina Banská Prešov Trenčín Ružomberok Vedúci Riaditeľ Účtovníčka Štúrovo Kráľ Dušan Lukáčová Antalová Babková Blažková Brožová Čížik Dudáš Ďurica Fábry Gašpar Hlaváč Hruška Ivanič Jurčík Kačmár Kollárová Kováčik Krajčí Majerčík Mihálik Ondruš Petráš Rusnák Sýkora Šoltés Tkáč Urbánek Vaľko Zelenák Žiak Júlia Ľuba Miloš',
  },
  {
    language: 'Hungarian',
    encodings: CENTRAL_MAC,
    words:
      'Kovács Tóth Szabó Horváth Molnár Németh Takács Juhász Mészáros Oláh Rácz Fehér Gál Szűcs Szőke Kőszegi Erdős Kőrösi Hegedűs Török Lukács Bálint Dávid Gábor István László József János Zoltán Sándor András Tamás Péter Róbert Ádám Áron Márton Éva Ágnes Zsófia Réka Dóra Mónika Mária Győr Pécs Székesfehérvár Érd Nyíregyháza Főnök Igazgató Könyvelő Értékesítési Fejlesztő Mérnök Ügyfélszolgálat Üzletkötő Őze Őry Gergő Benő Előd Ödön Gyöngyi Böbe Kálmán Dezső Szentgyörgyi Gyűrű Újpest Bíró Bodnár Csúcs Deák Fülöp Gönczi Gyöngyös Halász Illés Jenő Kerékgyártó Kertész Lőrincz Orbán Pásztor Pintér Sárközi Székely Szilágyi Váradi Veréb Vörös Ákos Erzsébet Géza Jázmin Lóránt Nándor Rózsa Tünde Üllő Pölöske Füzesabony Szőlős Berettyóújfalu Máté Lővei Bársony Fodorné Kövér Csőke Pálfi Tőkés Sütő',
  },
  {
    language: 'Croatian, Serbian and Slovenian',
    encodings: [...CENTRAL, 'x-mac-croatian'],
    words:
      'Marković Petrović Jovanović Nikolić Đorđević Đukić Živković Stojanović Ilić Kovačević Babić Marić Jurić Perić Knežević Vuković Božić Tomić Šimić Pavlović Matić Blažević Grgić Lovrić Bogdanović Đuro Željko Željka Živko Šime Krešimir Saša Siniša Nataša Dražen Božidar Ivančić Čović Žagar Žnidaršič Kovač Potočnik Hočevar Zupančič Košir Uroš Matjaž Tomaž Aleš Gašper Špela Urška Šibenik Požega Čakovec Đakovo Niš Čačak Šabac Račun Služba Načelnik Abadžić Adašević Đurđa Anđela Anđelković Mišić Šarić Ćosić Čolić Džeko Šaban Božo Žarko Šumanović Čubrilović Čupić Ćirić Đurić Đokić Milošević Radović Krstić Popović Simić Đurđević Lučić Rašić Sučić Zorić Škorić Vučić Brkić Tadić Mandić Delić Hadžić Jakšić Bašić Mlađan Dušan Nedeljković',
  },
  { language: 'Romanian', encodings: CENTRAL, words: ROMANIAN },
  {
    language: 'Romanian with commas',
    encodings: ['x-mac-romanian', 'iso-8859-16'],
    words: ROMANIAN.replaceAll('Ş', 'Ș').replaceAll('ş', 'ș').replaceAll('Ţ', 'Ț').replaceAll('ţ', 'ț'),
  },
  {
    language: 'Turkish',
    encodings: TURKISH,
    words:
      'Yılmaz Yıldız Yıldırım Çelik Şahin Öztürk Aydın Özdemir Doğan Kılıç Çetin Koç Özkan Şimşek Özcan Çakır Erdoğan Işık Güneş Ünal Taş Köse Gündüz Güler Yiğit Akın Ergün Çiçek Uçar Sarı Avcı Kahramanoğlu Hacıoğlu Müge Ayşe Gökhan Gökçe Çağrı Çağla Şeyma Şule Özge Özlem Ümit Uğur Tuğba Tuğçe Buğra Oğuz Oğuzhan İbrahim İsmail İlker İrem İpek Ömer Hüseyin Şükrü Ertuğrul Sıla Işıl Aslı Kâmil Gül Gülşen Nurgül Türkan Süleyman Barış Savaş Tarık Kübra Büşra Kürşat Doğukan Beşiktaş İstanbul İzmir Diyarbakır Muğla Kırşehir Niğde Çanakkale Eskişehir Şanlıurfa Müdür Satış Mühendis Yazılım Uzmanı Geliştirici Danışman İnsan Kaynakları Öğretmen Sağlık Altındağ Aşık Bağcı Balcı Demircioğlu Karadağ Keskinoğlu Sözer Tanrıkulu Topaloğlu Yazıcı Ağaoğlu Kayacı Nazlı Pınar Yağmur Çiğdem Gülay Hakkı Sıtkı Tanyılmaz Ülkü Yüksel Abacı Abalıoğlu Adanır Akışık Arıcan Barbarosoğlu Beşerler Biçer Çatalbaş Çevik Çörekçi Dağdaş Ekşioğlu Elçiboğa Gönültaş Günday Hamzaoğlu Ilıcalı Kaplangı Karaböcek Kıraç Koçyiğit Menemencioğlu Mertoğlu Nebioğlu Oraloğlu Örge Özberk Samancı Sinanoğlu Sözeri Süleymanoğlu Tütüncü Ürgüplü Velioğlu Yalçın Asım Bahadır Başak Cüneyt Dinçer Fırat Gürkan Gülriz Ilgın Kağan Kıvanç Nilüfer Özgür Rüştü Seçkin Tunç Yücel Züleyha',
  },
  {
    language: 'Latvian',
    encodings: BALTIC,
    words:
      'Bērziņš Kalniņš Ozoliņš Liepiņš Krūmiņš Eglītis Zariņš Pētersons Kārkliņš Vītols Āboliņš Šmits Žagars Ķirsis Ģirts Jānis Pēteris Mārtiņš Kārlis Līga Krišjānis Rūdolfs Ābele Sprūde Ērika Jūrmala Rēzekne Liepāja Grīnbergs Kļaviņa Pētersone Ķēniņš Čaks Ņikita Vēveris Zīle Gulbītis Rīga Ēriks Dāvis Mārīte Grāmatvedis Vadītājs Nodaļa Elīna Evelīna Kristīne Gunārs Māra Mārcis Mārīs Sarmīte Ļubova Šķēle Stūrmanis Bērzs Dūmiņš Krastiņš Kūlis Lācis Lapiņš Pūce Rudzītis Rozītis Skujiņš Vanagiņš Vīksna Zēns Medņi Ķeizars Āra Ādams Šteins Zālītis Jēkabsons Ābols Ēvalds Ogriņš Saulītis Grīnfelds Kūms',
  },
  {
    language: 'Lithuanian',
    encodings: BALTIC,
    words:
      'Žukauskas Žukauskienė Kazlauskienė Šarūnas Kęstutis Čiurlionis Živilė Petrauskaitė Jankauskienė Stankevičius Stankevičienė Paulauskienė Žemaitis Butkevičius Gintarė Rūta Eglė Jūratė Agnė Miglė Šimkus Mažeikienė Ramūnas Saulė Klaipėda Šiauliai Panevėžys Ūkis Vadovė Direktorė vedėjas Urbonavičius Rimkutė Dainė Ąžuolas Žygimantas Česlovas Birutė Danutė Jonė Laimutė Ramunė Vaidė Čepaitis Šukys Žilinskas Ąžuolaitis Jūra',
  },
  {
    language: 'Estonian',
    encodings: ['windows-1257', 'windows-1252', 'ibm775', 'iso-8859-4'],
    words:
      'Õunapuu Põld Mägi Tõnu Tõnis Jüri Ülle Ülo Külli Pärn Jõgi Mõts Kõiv Võsa Lõhmus Sõber Kärt Märt Õie Rääk Jänes Põder Rõõm Pääsuke Šmidt Žanna Käär Müüja Töötaja Tööjõud Pärnu Võru Jõhvi',
  },
  {
    language: 'Greek',
    encodings: GREEK,
    words:
      'Παπαδόπουλος Παπαδοπούλου Γεωργίου Δημητρίου Ιωάννου Κωνσταντίνου Νικολάου Αντωνίου Βασιλείου Χατζής Καραγιάννης Αγγελίδης Μακρής Οικονόμου Μαρία Ελένη Γιώργος Γιάννης Δημήτρης Νίκος Κώστας Χρήστος Σπύρος Άννα Αικατερίνη Βασιλική Σοφία Ευαγγελία Αθήνα Θεσσαλονίκη Πάτρα Λογιστήριο Πωλήσεις Διευθυντής Έλενα Ήρα Όλγα Ζωή Φωτεινή Ξένια Ψαρράς Θεόδωρος Λάμπρος Μιχάλης Ράπτης Άγγελος Άρης Άλκηστις Άρτα Όμηρος Ίρις Έφη',
  },
  {
    language: 'Russian',
    encodings: CYRILLIC,
    words:
      'Иванов Иванова Смирнов Кузнецова Попов Васильев Петров Соколова Михайлов Новикова Фёдоров Морозов Волков Алексеев Лебедев Семёнов Егоров Павлов Козлов Степанов Николаев Орлов Андреев Макаров Никитин Захаров Зайцев Соловьёв Борисов Яковлев Григорьев Романов Воробьёв Сергей Александр Алексей Андрей Дмитрий Екатерина Елена Наталья Ольга Татьяна Юлия Мария Анна Светлана Ирина Людмила Виктория Москва Санкт-Петербург Новосибирск Отдел продаж Бухгалтер Директор Менеджер Разработчик Инженер Щербаков Чернышёва Эльдар Цветкова Хомяков Жуков Ульянов Абрамова Авдеева Агафонова Беляев Богданов Виноградов Голубев Гусева Данилов Ершов Журавлёв Ильин Калинина Карпов Комаров Крылов Кудрявцев Макарова Медведев Миронов Осипов Панова Поляков Родионов Рябов Савельев Сидоров Сорокин Тимофеев Титов Фролов Чернов Шестаков Широков Артём Борис Вера Виталий Галина Глеб Даниил Игорь Кирилл Константин Лариса Максим Марк Надежда Никита Николай Олег Павел Полина Роман Тимур Фаина Юрий Яков Ян Лев Зоя Казань Самара Уфа Омск Тула',
  },
  {
    language: 'Ukrainian',
    encodings: CYRILLIC,
    words:
      'Шевченко Коваленко Бондаренко Ткаченко Кравченко Ковальчук Олійник Шевчук Поліщук Іваненко Литвин Мельник Савченко Руденко Марченко Петренко Олександр Володимир Сергій Микола Іван Василь Юрій Оксана Наталія Тетяна Ірина Людмила Галина Євген Їжакевич Київ Львів Харків Дніпро Одеса Запоріжжя Відділ продажу Керівник Ґалаґан Євдокія Зеленський Щербань Андрій Богдан Валентина Віктор Ганна Дарина Денис Зоряна Кирило Леся Максим Надія Орест Павло Роман Степан Уляна Федір Христина Ярослав Гончаренко Кушнір Лисенко Мороз Павленко Романюк Сидоренко Тимошенко Яковенко Кропивницький Чернігів Черкаси',
  },
  {
    language: 'Bulgarian, Macedonian and Serbian',
    encodings: CYRILLIC,
    words:
      'Георги Димитър Стоян Христо Пенчо Цветан Щерев Търново България Илиев Тодоров Стефанов Ѓорѓи Јован Ќирил Љубомир Његош Ђорђе Ћирић Џамбаз Живковић Милошевић Стојановска Трајковски Велковска Јовановски Николић Петровић Скопје Београд Нови Сад Софија Љупчо Бојаџиев Ана Борис Весна Горан Драган Елена Зоран Игор Катерина Лазар Марија Никола Оливера Петар Ристо Соња Тања Цветанка Димитријевић Лазаревић Марковић Костов Митев Ангелов Атанасов Бојана Бранко Душан Александар Снежана Слободан Ѓурѓа Шаћири Жарко',
  },
  {
    language: 'Hebrew',
    encodings: ['windows-1255', 'ibm862'],
    words:
      'משה כהן שרה לוי יעקב פרץ נועה ביטון דוד מזרחי רחל אברהם יצחק ישראל חיים רבקה לאה אסתר מרים יוסף בנימין שמעון ראובן יהודה גדעון אריאל עומר תמר מיכל יעל ענת רונית אורית דניאל שלמה אליהו אהרון עמית גיא רון טל שירה נועם איתי אורי אלון עידן ברק צבי זאב דב אריה נחמיה עזרא פנחס חנה דבורה ציפורה שושנה גאולה אילנה דליה ורד אביגיל הדס רוזנברג גולדשטיין פרידמן שפירא כץ וייס קליין גרינברג הרשקוביץ אוחיון אזולאי דהן בוזגלו אדרי גבאי חדד עמר מלכה אלבז בן סימון שטרן לנדאו ברקוביץ תל אביב ירושלים חיפה באר שבע פתח תקווה רמת גן מנהל מהנדסת מזכירה מחלקה שיווק מכירות כספים משאבי אנוש',
  },
  {
    language: 'Arabic',
    encodings: ['windows-1256', 'iso-8859-6'],
    words:
      'محمد أحمد علي حسن حسين فاطمة عائشة خديجة مريم زينب عبد الله عبدالرحمن عبد العزيز خالد عمر عثمان يوسف إبراهيم إسماعيل مصطفى محمود سعيد سعد سلمان سليمان فهد فيصل ناصر نورة هند ليلى سارة هدى منى رنا ريم لينا دينا ياسمين أمينة جميلة كريم طارق زياد وليد بلال جمال كمال عادل ماجد هاني سامي رامي نبيل شريف الحسن الزهراء العتيبي القحطاني الشمري الدوسري الغامدي الحربي المطيري الزهراني الشهري العنزي المصري السوري اللبناني البغدادي التونسي الجزائري الخطيب النجار الحداد صالح منصور بكر قاسم عيسى موسى داود ضياء غسان ثامر ظافر جاسم شيماء رؤوف مؤمن لؤي آمنة آدم القاهرة الرياض دبي بيروت بغداد تونس المدير مهندس محاسب قسم المبيعات التسويق الموارد البشرية',
  },
  {
    language: 'Thai',
    encodings: ['windows-874'],
    words:
      'สมชาย สมหญิง ใจดี วิชัย วิภา ศรีสุข ประเสริฐ สุวรรณ นภา ธนพล กิตติ อรทัย พิมพ์ชนก ณัฐวุฒิ สุรชัย มานะ มานี ปิติ ชูใจ วีระ สุดา กมล จันทร์เพ็ญ บุญมี ทองดี แก้ว เพชร สายฝน น้ำฝน ดวงใจ รัตนา อนุชา ภูมิ ศักดิ์ชัย ไพศาล เกียรติ ชัยวัฒน์ พงศ์ วงศ์ รุ่งเรือง เจริญ สวัสดิ์ มั่นคง พรหม อินทร์ ธีระ ปัญญา ฐิติ ญาณี ขวัญ คำ งาม ยิ้ม ลำดวน โสภา หทัย อุบล ฉัตร เสาวลักษณ์ ผ่องใส ซื่อตรง สิริพร เบญจมาศ โชติ เอกชัย แสงจันทร์ กรุงเทพ เชียงใหม่ ภูเก็ต ขอนแก่น ผู้จัดการ วิศวกร บัญชี ฝ่ายขาย การตลาด ทรัพยากรบุคคล เจ้าหน้าที่ หัวหน้า',
  },
  {
    language: 'Vietnamese',
    encodings: ['windows-1258'],
    words: withToneMarks(
      'Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đào Đinh Trịnh Mai Tô Tạ Hà Hương Thị Văn Đình Hữu Đức Minh Quốc Tuấn Hùng Dũng Cường Thắng Bảo Khánh Phước Phúc Thịnh Vượng Trọng Nghĩa Đạt Sơn Lâm Hải Hạnh Hiền Hòa Hoài Hồng Huệ Lan Liễu Linh Loan Mỹ Ngọc Nguyệt Nhung Oanh Phương Phượng Quỳnh Tâm Thảo Thủy Thùy Thúy Trâm Trúc Tuyết Uyên Vân Xuân Yến Ánh Ái Bích Cúc Diễm Duyên Giang Hằng Khải Kiệt Lộc Lợi Luân Mẫn Nhật Phát Quân Quý Sáng Tài Thành Thiện Tiến Tín Toàn Trí Trung Trường Tường Việt Vĩnh Hà Nội Hồ Chí Minh Đà Nẵng Cần Thơ Huế Giám đốc Nhân viên Kế toán Kỹ sư Trưởng phòng Phòng kinh doanh Nhân sự',
    ),
  },
];

/** Characters of names and of words in lists of people, in languages with thousands of characters. */
export interface CharacterSample {
  readonly encodings: readonly string[];
  readonly characters: string;
}

export const CHARACTERS: readonly CharacterSample[] = [
  {
    encodings: ['shift_jis', 'euc-jp'],
    characters:
      '田中山村本川木林小野高橋佐藤鈴伊渡辺加吉井上松斎清阿部石池前岡長谷近坂遠青後和太原島崎西福三千大久保菅内宮今岩酒工横河杉丸武新増水桜森安金平服浅樋口柴荒沢澤広神永矢倉尾古星奥市能登花子美恵由紀直真智也介郎一二之助健翔蓮陽葵結愛咲七海優奈香織理沙明博史隆誠浩幸信義昭正男彦樹輔拓哉裕貴亮堀瀬関根須竹土屋東京阪営業総務課人事経株式会社さくらひろみゆきなおこケンジタロウー',
  },
  {
    encodings: ['gb18030'],
    characters:
      '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂建华文国志玉红海云飞鹏小晓东春梅婷雪琳欣宇浩然子轩梓涵佳怡思远北京上销售部经理工程师人事',
  },
  {
    encodings: ['big5'],
    characters:
      '陳林黃張李王吳劉蔡楊許鄭謝洪郭邱曾廖賴徐周葉蘇莊呂江何蕭羅高潘簡朱鍾彭游詹胡施沈余盧梁趙顏柯孫魏翁戴范宋方鄧杜傅侯曹薛丁馬怡君志明俊傑雅婷家豪淑芬美玲建宏佳蓉冠宇詩涵承恩品睿台北業務部經理工程師人事',
  },
  {
    encodings: ['euc-kr'],
    characters:
      '김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민준연지현도은수빈예진영호철미숙경희혜선동훈상재승태형규원기석아라나다울부산업과인사팀',
  },
];
