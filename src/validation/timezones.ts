import { nameKey } from './display-names.js';

/** Names of time zones in Windows (CLDR, windowsZones), and other usual ones, with the IANA name. */
const USUAL_NAMES: readonly (readonly [iana: string, names: string])[] = [
  ['Europe/Berlin', 'W. Europe Standard Time | MEZ | MESZ | Mitteleuropäische Zeit | Central European Time'],
  ['Europe/Paris', 'Romance Standard Time'],
  ['Europe/Warsaw', 'Central European Standard Time'],
  ['Europe/Budapest', 'Central Europe Standard Time'],
  ['Europe/London', 'GMT Standard Time | UK | British Time | British Summer Time'],
  ['Europe/Bucharest', 'GTB Standard Time | Eastern European Time'],
  ['Europe/Kyiv', 'FLE Standard Time'],
  ['Europe/Istanbul', 'Turkey Standard Time'],
  ['Europe/Moscow', 'Russian Standard Time'],
  [
    'America/New_York',
    'Eastern Standard Time | Eastern Time | Eastern | US Eastern | EDT | ET | US/Eastern Time',
  ],
  ['America/Chicago', 'Central Standard Time | Central Time | Central | US Central | CST | CDT | CT'],
  ['America/Denver', 'Mountain Standard Time | Mountain Time | Mountain | US Mountain | MDT | MT'],
  ['America/Los_Angeles', 'Pacific Standard Time | Pacific Time | Pacific | US Pacific | PST | PDT | PT'],
  ['America/Phoenix', 'US Mountain Standard Time | Arizona'],
  ['America/Halifax', 'Atlantic Standard Time | Atlantic Time'],
  ['America/Sao_Paulo', 'E. South America Standard Time | Brasilia | Brasília | BRT'],
  ['America/Argentina/Buenos_Aires', 'Argentina Standard Time'],
  ['America/Bogota', 'SA Pacific Standard Time'],
  ['America/Mexico_City', 'Central Standard Time (Mexico)'],
  ['Asia/Kolkata', 'India Standard Time | IST | India | Mumbai | New Delhi | Delhi | Bangalore | Chennai'],
  ['Asia/Tokyo', 'Tokyo Standard Time | JST | Japan Standard Time | Osaka'],
  ['Asia/Shanghai', 'China Standard Time | Beijing | Peking | Shenzhen'],
  ['Asia/Singapore', 'Singapore Standard Time | SGT'],
  ['Asia/Hong_Kong', 'HKT'],
  ['Asia/Seoul', 'Korea Standard Time | KST'],
  ['Asia/Dubai', 'Arabian Standard Time | Gulf Standard Time | Abu Dhabi'],
  ['Asia/Jerusalem', 'Israel Standard Time | Tel Aviv'],
  ['Australia/Sydney', 'AUS Eastern Standard Time | AEST | AEDT | Canberra'],
  ['Australia/Perth', 'W. Australia Standard Time | AWST'],
  ['Pacific/Auckland', 'New Zealand Standard Time | NZST | NZDT | Wellington'],
  ['Africa/Johannesburg', 'South Africa Standard Time | SAST | Cape Town'],
  ['Europe/Berlin', 'Munich | München | Hamburg | Frankfurt | Cologne | Köln'],
  ['Europe/Zurich', 'Zürich | Bern | Basel'],
  ['Europe/Rome', 'Rom | Milan | Milano | Roma'],
  ['Europe/Madrid', 'Barcelona'],
  ['Europe/Vienna', 'Wien'],
  ['America/Los_Angeles', 'San Francisco | Seattle'],
  ['America/New_York', 'Boston | Washington | Miami | Atlanta'],
];

/** Finds the IANA name of a time zone by a usual name, or by the city: `Europe/Berlin` for `Berlin`. */
export function createTimezoneLookup(): (text: string) => string | undefined {
  let ianaByName: ReadonlyMap<string, string> | undefined;
  return (text) => {
    ianaByName ??= timezonesByName();
    // Windows shows `(UTC+01:00) Amsterdam, Berlin, Bern, Rome`.
    const [first = ''] = text.replace(/^\s*\((?:UTC|GMT)[^)]*\)\s*/i, '').split(/[,;(]/);
    return ianaByName.get(nameKey(text)) ?? ianaByName.get(nameKey(first));
  };
}

function timezonesByName(): ReadonlyMap<string, string> {
  const ianaByName = new Map<string, string>();
  const add = (name: string, iana: string): void => {
    const key = nameKey(name);
    if (!ianaByName.has(key)) ianaByName.set(key, iana);
  };
  for (const iana of Intl.supportedValuesOf('timeZone')) {
    add((iana.split('/').at(-1) ?? iana).replaceAll('_', ' '), iana);
  }
  for (const [iana, names] of USUAL_NAMES) for (const name of names.split('|')) add(name, iana);
  return ianaByName;
}
