/** Limits of every field, shared by form, server and documentation. Lengths count UTF-16 code units, as `String.length` does. */
export const limits = {
  emailMax: 254,
  passwordMin: 10,
  passwordMax: 200,
  displayNameMin: 2,
  displayNameMax: 40,
  slugMax: 64,
  titleMax: 120,
  descriptionMax: 500,
  guidelinesMax: 20_000,
  instructionMin: 8,
  instructionMax: 8_000,
  responseMin: 2,
  responseMax: 20_000,
  contextMax: 20_000,
  urlMax: 2_000,
  licenceMax: 64,
  noteMin: 5,
  noteMax: 2_000,
  reasonMin: 3,
  reasonMax: 1_000,
  tokenNameMax: 60,
  searchMax: 200,
  pageDefault: 20,
  pageMax: 100,
  draftsMax: 200,
  importBytesMax: 2 * 1024 * 1024 * 1024,
  /** What an archive may hold: bytes, and bytes for each byte of the archive. */
  importUnpackedBytesMax: 16 * 1024 * 1024 * 1024,
  importUnpackRatioMax: 100,
  importLinesMax: 100_000_000,
  /** Bytes of a line (JSONL) or a row with all its lines (CSV). */
  importLineMax: 4 * 1024 * 1024,
  /** Bytes of a CSV cell. */
  importCellMax: 1024 * 1024,
  importColumnsMax: 1_000,
  /** Objects and lists within each other in a JSON row. */
  importDepthMax: 256,
  /** Instructions and responses of one row. */
  importRowTextsMax: 1_000,
  importedTextMax: 20_000,
  previewRows: 10,
  /** How far a preview reads for its rows, in bytes as unpacked. */
  previewBytesMax: 64 * 1024 * 1024,
} as const;
