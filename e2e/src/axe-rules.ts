/** Tags of the axe rules that every page must keep: WCAG 2.2 A and AA, and axe's best practices. */
export const rulesOfAPage = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** A theme changes colours. */
const judgeColours = ['color-contrast', 'link-in-text-block'];

/** A width changes sizes, positions, and what scrolls. */
const judgeSizes = ['target-size', 'scrollable-region-focusable'];

/** A width hides a part of what names an element: an icon stays where a word stood. */
const judgeNames = [
  'aria-command-name',
  'aria-dialog-name',
  'aria-input-field-name',
  'aria-meter-name',
  'aria-progressbar-name',
  'aria-tab-name',
  'aria-toggle-field-name',
  'aria-tooltip-name',
  'aria-treeitem-name',
  'button-name',
  'empty-heading',
  'empty-table-header',
  'image-alt',
  'image-redundant-alt',
  'input-button-name',
  'label',
  'label-content-name-mismatch',
  'link-name',
  'role-img-alt',
  'select-name',
  'summary-name',
  'svg-img-alt',
];

/** A width shows and hides elements, so others have other neighbours, parents and children. */
const judgeNeighbours = [
  'aria-hidden-focus',
  'aria-required-children',
  'aria-required-parent',
  'bypass',
  'definition-list',
  'dlitem',
  'heading-order',
  'landmark-banner-is-top-level',
  'landmark-complementary-is-top-level',
  'landmark-contentinfo-is-top-level',
  'landmark-main-is-top-level',
  'landmark-no-duplicate-banner',
  'landmark-no-duplicate-contentinfo',
  'landmark-no-duplicate-main',
  'landmark-one-main',
  'landmark-unique',
  'list',
  'listitem',
  'nested-interactive',
  'page-has-heading-one',
  'region',
  'skip-link',
  'table-duplicate-name',
  'td-has-header',
  'td-headers-attr',
  'th-has-data-cells',
];

/**
 * The rules whose verdict another theme or another width can change for an element that was judged before. The others
 * judge attributes, languages, media and the document itself, which stay the same.
 */
export const rulesOfALook = [...judgeColours, ...judgeSizes, ...judgeNames, ...judgeNeighbours];
