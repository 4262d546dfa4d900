// Does an import keep all its requests in flight while each takes as long as Okta's do?
import { importOnce } from './import.mjs';
import { startInstantOrg } from './orgs.mjs';
import { result } from './result.mjs';

const LATENCY_MS = 300;
const CONCURRENCY = 75;

export async function latency({ workplace, isQuick }) {
  // About a minute, of which the time before the first request and after the last one is about a second.
  const rows = CONCURRENCY * (isQuick ? 10 : 200);
  const org = await startInstantOrg({ latencyMs: LATENCY_MS });
  try {
    const { seconds } = await importOnce(await workplace.people(rows), {
      org,
      workplace,
      concurrency: CONCURRENCY,
    });
    const { mostInFlight } = await org.ledger();
    const leastSeconds = ((rows / CONCURRENCY) * LATENCY_MS) / 1000;
    return {
      results: [
        result({
          bench: `import, ${LATENCY_MS} ms a request, ${CONCURRENCY} in flight`,
          against: `rows × ${LATENCY_MS / 1000} s / ${CONCURRENCY}`,
          ratio: seconds / leastSeconds,
          atMost: 1.05,
          isElseGood: mostInFlight === CONCURRENCY,
          figures: `${seconds.toFixed(2)} : ${leastSeconds.toFixed(2)} s, ${mostInFlight} in flight`,
        }),
      ],
    };
  } finally {
    org.close();
  }
}
