/** Puts the viewer on the page's own paper, in both themes, under a head that leads back. */
export const docsStyle = `:root {
  color-scheme: light dark;
  --paper: light-dark(#f8f4ea, #17140f);
  --paper-raised: light-dark(#fdfbf5, #1f1b15);
  --ink: light-dark(#231d14, #ece4d3);
  --ink-soft: light-dark(#4d4435, #c9bfab);
  --rule: light-dark(#c9bc9f, #463d2f);
  --wheat: light-dark(#84550a, #e6b95f);
}
body {
  margin: 0;
  background: var(--paper);
  color: var(--ink);
  font-family: system-ui, sans-serif;
}
.masthead {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.25rem 1.5rem;
  padding: 0.75rem max(1.25rem, (100vw - 1460px) / 2 + 1.25rem);
  border-bottom: 3px double var(--ink);
}
.masthead a {
  display: inline-flex;
  align-items: center;
  min-height: 2rem;
  color: var(--ink);
  text-underline-offset: 0.2em;
}
.masthead a:first-child {
  font: 600 1.25rem Georgia, serif;
  text-decoration: none;
}
.swagger-ui,
.swagger-ui :is(h1, h2, h3, h4, h5, p, li, td, th, label, summary, small),
.swagger-ui :is(.opblock-tag, .title, .opblock-summary-path, .opblock-summary-path__deprecated, .opblock-summary-description, .parameter__name, .parameter__type, .parameter__in, .response-col_status, .response-col_links, .tab li button, .model, .model-title, .prop-type, .prop-format, .markdown p, .renderedMarkdown p, .servers-title, .btn) {
  color: var(--ink) !important;
}
.swagger-ui a,
.swagger-ui .info a {
  color: var(--wheat) !important;
}
.swagger-ui .info .title {
  font-family: Georgia, serif;
}
.swagger-ui :is(.scheme-container, .opblock .opblock-section-header, section.models, .model-box, .dialog-ux .modal-ux, input, textarea, select) {
  background: var(--paper-raised) !important;
  color: var(--ink) !important;
  border-color: var(--rule);
  box-shadow: none;
}
.swagger-ui :is(.opblock-tag, section.models, table thead tr th, table thead tr td) {
  border-color: var(--rule) !important;
}
.swagger-ui svg:not(.btn svg) {
  fill: var(--ink-soft) !important;
}
.swagger-ui :is(.markdown, .renderedMarkdown) code {
  background: var(--paper-raised) !important;
  color: var(--ink) !important;
}
`;
