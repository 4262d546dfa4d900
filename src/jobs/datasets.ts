import { OktaImportError } from '../errors.js';
import { datasetNames, datasetPath, readDataset } from '../sync/dataset-file.js';

/** One data set of a reports folder. */
export type DatasetInfo =
  | {
      readonly name: string;
      /** URL. */
      readonly org: string;
      readonly match: string;
      /** People whom the data set manages, without those who have left. */
      readonly members: number;
      /** Suspended or deactivated when they left the file. */
      readonly left: number;
      /** Rows of the last file. */
      readonly rows: number;
      readonly lastRun: { readonly runId: string; readonly at: string } | null;
      /** ID of a run that did not come to its end. */
      readonly openRun: string | null;
    }
  /** Its state cannot be read. */
  | { readonly name: string; readonly problem: string };

/** The data sets of a reports folder, by name. @throws {DatasetFileError} the folder cannot be read. */
export async function listDatasets(reports: string): Promise<readonly DatasetInfo[]> {
  const names = await datasetNames(reports);
  return Promise.all(names.map((name) => datasetInfo(reports, name)));
}

async function datasetInfo(reports: string, name: string): Promise<DatasetInfo> {
  try {
    const dataset = await readDataset(datasetPath(reports, name));
    if (dataset === undefined) return { name, problem: 'The file was deleted.' };
    const { org, match, rows, lastRun = null, openRun = null } = dataset.header;
    const left = dataset.members().filter((member) => member.left !== undefined).length;
    return { name, org, match, members: dataset.size - left, left, rows, lastRun, openRun };
  } catch (error) {
    if (error instanceof OktaImportError) return { name, problem: error.message };
    throw error;
  }
}
