/** The settings of a dataset, each with an address of its own. */
export const settingsSections = ['about', 'texts', 'categories', 'policy', 'ratings'] as const;
export type SettingsSection = (typeof settingsSections)[number];

const sectionOf: Record<string, SettingsSection> = {
  guidelines: 'texts',
  terms: 'texts',
  normalisations: 'texts',
  policy: 'policy',
  dimensions: 'ratings',
};

/** Where a field is: `policy.approvals` is in `policy`. */
export function sectionOfField(path: string): SettingsSection {
  return sectionOf[path.split('.')[0] ?? ''] ?? 'about';
}
