import { sheetRows, workbookOf, type SheetCell, type SheetRow } from '../csv/build-workbook.js';

/** A cell that keeps its row from being imported. */
export interface WrongCell {
  /** Row of the sheet. */
  readonly line: number;
  readonly column: string;
  readonly wrong: string;
  readonly right: string;
}

export interface MessyWorkbook {
  readonly bytes: Buffer;
  readonly sheet: string;
  /** People on visible rows. One of them, on line 6, has the login of a user of the sandbox. */
  readonly rows: number;
  /** Names of the columns, without those without a name. */
  readonly columns: readonly string[];
  readonly wrongCells: readonly WrongCell[];
}

const COLUMNS = {
  email: 'E-Mail*',
  given: 'Vorname (Pflichtfeld)',
  family: 'Nachname:',
  number: 'Personal-Nr.',
  department: 'Abteilung',
  title: 'Position',
  country: 'Länderkürzel',
  language: 'Sprache',
  phone: 'Handynummer',
  groups: 'Gruppen',
} as const;

type Person = { -readonly [Column in keyof typeof COLUMNS]: string | number };

/** Invented: given name, family name, both in ASCII, country, language. */
const NAMES = `
Käthe|Weißmüller|kaethe.weissmueller|DE|de
Jürgen|Groß|juergen.gross|DE|de
Anneliese|Brandstätter|anneliese.brandstaetter|AT|de
Zoë|Lindenmaier|zoe.lindenmaier|CH|de
Søren|Ødegård|soren.odegard|NO|nb
Åsa|Bergström|asa.bergstrom|SE|sv
Þórdís|Ævarsdóttir|thordis.aevarsdottir|IS|is
Łucja|Żółtowska|lucja.zoltowska|PL|pl
Břetislav|Dvořáček|bretislav.dvoracek|CZ|cs
Ľubomíra|Hruška|lubomira.hruska|SK|sk
Győző|Szűcs|gyozo.szucs|HU|hu
Ștefan|Țepeș-Ionescu|stefan.tepes|RO|ro
Đorđe|Živković|dorde.zivkovic|RS|sr
Ayşegül|Çağlayan|aysegul.caglayan|TR|tr
İlker|Işık|ilker.isik|TR|tr
Gülşən|Əliyeva|gulshan.aliyeva|AZ|az
Βασιλική|Παπαδοπούλου|vasiliki.papadopoulou|GR|el
Αλέξανδρος|Κωνσταντίνου|alexandros.konstantinou|CY|el
Наталья|Щербакова|natalya.shcherbakova|KZ|ru
Олексій|Ґалаґан|oleksii.galagan|UA|uk
Ђурђица|Његошевић|djurdjica.njegosevic|ME|sr
Гэрэл|Мөнхбаяр|gerel.munkhbayar|MN|mn
ანა|ბერიძე|ana.beridze|GE|ka
Անահիտ|Հակոբյան|anahit.hakobyan|AM|hy
אביגיל|בן־דוד|avigail.bendavid|IL|he
משה|אלקלעי|moshe.alkalai|IL|he
فاطمة|الزهراني|fatima.alzahrani|SA|ar
يوسف|بن عيسى|youssef.benaissa|MA|ar
نرگس|حسینی‌نژاد|narges.hosseini|IR|fa
شازیہ|قریشی|shazia.qureshi|PK|ur
रोहिणी|देशपांडे|rohini.deshpande|IN|hi
অনির্বাণ|মুখোপাধ্যায়|anirban.mukhopadhyay|IN|bn
தமிழ்ச்செல்வி|முருகன்|tamilselvi.murugan|IN|ta
లక్ష్మి|వెంకటేశ్వర్లు|lakshmi.venkateswarlu|IN|te
ನಾಗರಾಜ|ಹೆಗ್ಡೆ|nagaraja.hegde|IN|kn
ശ്രീലത|നമ്പ്യാർ|sreelatha.nambiar|IN|ml
ගයාන්|විජේසිංහ|gayan.wijesinghe|LK|si
ณัฐพล|ศรีสุวรรณ|nattapon.srisuwan|TH|th
ສົມສັກ|ພົມມະຈັນ|somsak.phommachan|LA|lo
သီရိ|အောင်|thiri.aung|MM|my
សុភា|ចាន់|sophea.chan|KH|km
Nguyễn|Thị Ánh Tuyết|tuyet.nguyen|VN|vi
志明|陳|chiming.chen|TW|zh-TW
晓丽|欧阳|xiaoli.ouyang|CN|zh-CN
美咲|髙橋|misaki.takahashi|JP|ja
ヒロシ|サイトウ|hiroshi.saito|JP|ja
서연|남궁|seoyeon.namgung|KR|ko
ተስፋዬ|ገብረማርያም|tesfaye.gebremariam|ET|am
Ọlúwaṣeun|Adébáyọ̀|oluwaseun.adebayo|NG|yo
Chidiebere|Nwachukwu|chidiebere.nwachukwu|NG|ig
Nomvula|Mkhize|nomvula.mkhize|ZA|zu
Wanjirũ|Kamau|wanjiru.kamau|KE|sw
Kahurangi|Te Whāea|kahurangi.tewhaea|NZ|mi
Keoni|Kalākaua|keoni.kalakaua|US|en
María José|Núñez Ibáñez|mariajose.nunez|ES|es
João|Conceição|joao.conceicao.lisboa|PT|pt
François|L’Hôpital|francois.lhopital|FR|fr
Siân|O’Neill|sian.oneill|GB|en
Maeve|Ní Bhriain|maeve.nibhriain|IE|ga
Xóchitl|Quetzalli Ramírez|xochitl.ramirez|MX|es
`
  .trim()
  .split('\n')
  .map((line) => line.split('|'));

const DEPARTMENTS = ['Vertrieb', 'Entwicklung', 'Einkauf', 'Kundendienst'];
const GROUPS = ['Engineering', 'Sales', 'Support'];

/** The header is on line 4. */
const HEADER_LINE = 4;
/** The hidden row is before this person. */
const HIDDEN_BEFORE = 31;

/** The nth person, from 1. */
const MISTAKES: readonly {
  readonly person: number;
  readonly column: keyof Person;
  readonly wrong: string;
}[] = [
  { person: 3, column: 'country', wrong: 'Österreich' },
  { person: 5, column: 'email', wrong: 'soren.odegard' },
  { person: 8, column: 'family', wrong: '' },
  { person: 12, column: 'country', wrong: 'Rumänien' },
  { person: 16, column: 'email', wrong: 'gulshan.aliyeva@example,com' },
  { person: 21, column: 'given', wrong: '' },
  { person: 27, column: 'language', wrong: 'Arabic' },
  { person: 33, column: 'groups', wrong: 'Suport' },
  { person: 38, column: 'email', wrong: 'nattapon.srisuwan@@example.com' },
  { person: 44, column: 'email', wrong: 'chiming.chen@example.com' },
  { person: 50, column: 'given', wrong: 'Chidi\u000bebere' },
  { person: 58, column: 'country', wrong: 'UK!' },
];

/**
 * A workbook as offices have them: a sheet of instructions before the people, title lines, a table that begins at B4, decorated German
 * headers, a column without a name, a hidden row of a filter, phone numbers as numbers, and twelve wrong cells.
 */
export function messyWorkbook(): MessyWorkbook {
  const people = NAMES.map(toPerson);
  const wrongCells = MISTAKES.map(({ person: number, column, wrong }) => {
    const person = people[number - 1];
    if (person === undefined) throw new RangeError(`There is no person ${number}.`);
    const right = String(person[column]);
    person[column] = wrong;
    const line = HEADER_LINE + number + (number < HIDDEN_BEFORE ? 0 : 1);
    return { line, column: COLUMNS[column], wrong, right };
  });
  const rows: (readonly SheetCell[] | SheetRow)[] = people.map(toCells);
  const left = toPerson(['Gernot', 'Ausgeschieden', 'gernot.ausgeschieden', 'DE', 'de'], people.length);
  rows.splice(HIDDEN_BEFORE - 1, 0, { cells: toCells(left), attributes: 'hidden="1"' });
  // What Excel leaves behind where rows were deleted.
  const emptied: SheetCell[] = Array.from({ length: 11 }, () => null);
  const instructions = [
    ['Bitte lesen!'],
    ['Das Blatt „Neue Kolleg*innen“ ausfüllen und bis Freitag an die IT senden.'],
  ];
  const table = [['Neue Kolleg*innen, Stand 24.11.2026'], ['vertraulich'], [], toCells(COLUMNS), ...rows];
  const sheet = 'Neue Kolleg_innen';
  return {
    bytes: workbookOf({
      Anleitung: { rows: sheetRows(instructions) },
      [sheet]: { rows: sheetRows([...table, emptied, emptied], { firstColumn: 'B' }) },
      Listen: { rows: sheetRows([['Abteilungen'], ...DEPARTMENTS.map((name) => [name])]) },
    }),
    sheet,
    rows: people.length,
    columns: Object.values(COLUMNS),
    wrongCells,
  };
}

function toPerson(name: readonly string[], index: number): Person {
  const [given = '', family = '', ascii = '', country = '', language = ''] = name;
  return {
    email: `${ascii}@example.com`,
    given,
    family,
    number: 40_100 + index,
    department: DEPARTMENTS[index % DEPARTMENTS.length] ?? '',
    title: index % 7 === 0 ? 'Leitung' : 'Sachbearbeitung',
    country,
    language,
    // A number, as Excel makes of one that is typed without spaces.
    phone: 4_915_550_100_000 + index,
    groups: GROUPS[index % GROUPS.length] ?? '',
  };
}

/** With an empty column before the groups. */
function toCells(person: Person): readonly SheetCell[] {
  const { groups, ...rest } = person;
  return [...Object.values(rest), null, groups];
}
