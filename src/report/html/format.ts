/** `1,234`, `3.5`. Without Intl, whose data take longer to load than a small page takes to write. */
export function formatNumber(value: number): string {
  const rounded = value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
  return String(rounded).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/**
 * `2026-11-24 03:00:05 UTC+01:00`. Without Intl, as above.
 *
 * @param iso - ISO 8601, in UTC.
 */
export function formatTime(iso: string, utcOffsetMinutes = 0): string {
  const local = new Date(Date.parse(iso) + utcOffsetMinutes * 60_000).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${formatOffset(utcOffsetMinutes)}`;
}

/** `UTC`, `UTC+05:30`, `UTC-03:00`. */
export function formatOffset(utcOffsetMinutes: number): string {
  if (utcOffsetMinutes === 0) return 'UTC';
  const minutes = Math.abs(utcOffsetMinutes);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'));
  return `UTC${utcOffsetMinutes < 0 ? '-' : '+'}${hours}:${rest}`;
}
