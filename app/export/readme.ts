/** What the files of an export are, for whoever opens it years later. */
export function readme(name: string, at: string): string {
  return `Everything Wellspring keeps of ${name}, as of ${at} (UTC).

tables/<table>.parquet   the published tables, only the rows of this person; read them with DuckDB, pandas, R and others
tables/<table>.csv       the same rows as text; a text that begins with = + - @ has an apostrophe before it, so that no
                         spreadsheet takes it for a formula. Days are local, instants are UTC, units stand in the column names
raw/<date>/<provider>/<account>/
                         what was received, unchanged: one JSON document each (CloudEvents 1.0), the provider's own words
                         under "data"; own settings and connections are under wellspring/
uploads/                 files that were imported, whole
connections.json         which accounts at which providers belong to this person, and how they stand; no keys, no tokens
manifest.json            size and SHA-256 of every file here

daily_metrics is where to begin: one value a day and metric. raw_objects leads from each row (raw_key) to its file in raw/.
`;
}
