// Runs before the first paint. The stores in src/lib (theme.ts, i18n/locale.ts) read and write the same keys.
(function () {
  var root = document.documentElement;
  var query = new URLSearchParams(location.search);
  function stored(key) {
    try {
      return localStorage.getItem(key);
    } catch (error) {
      return null;
    }
  }
  var theme = stored('granary.theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  var wanted = [query.get('lang'), stored('granary.locale')].concat(navigator.languages || []);
  for (var index = 0; index < wanted.length; index += 1) {
    var locale = String(wanted[index] || '')
      .slice(0, 2)
      .toLowerCase();
    if (locale === 'en' || locale === 'de') {
      root.lang = locale;
      break;
    }
  }
  root.dir = query.get('dir') === 'rtl' ? 'rtl' : 'ltr';
})();
