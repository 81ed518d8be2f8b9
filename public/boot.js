// Before the first paint: theme and language; then the service worker, and words if the app does not start.
// Classic script in plain syntax: it must also run in a browser too old for the app.
(function () {
  'use strict';

  var page = document.documentElement;
  var LANGUAGES = ['en', 'fr', 'es', 'ar'];
  var GROUNDS = { light: '#f3f1ea', dark: '#0e1416', sun: '#ffffff' };
  var SLOW_AFTER = 8000;
  var CHECK_EVERY = 30 * 60 * 1000;

  // Storage can be denied altogether (private mode, site settings): then the defaults hold.
  // The app may have written the word as JSON, in quotes.
  function stored(key) {
    try {
      return (localStorage.getItem(key) || '').replace(/^"|"$/g, '');
    } catch (denied) {
      return '';
    }
  }

  function language() {
    var wanted = [stored('waymark.language')].concat(navigator.languages || [navigator.language]);
    for (var i = 0; i < wanted.length; i++) {
      var tag = String(wanted[i] || '').toLowerCase().split('-')[0];
      if (LANGUAGES.indexOf(tag) >= 0) return tag;
    }
    return LANGUAGES[0];
  }

  function look() {
    page.lang = language();
    page.dir = page.lang === 'ar' ? 'rtl' : 'ltr';
    var theme = stored('waymark.theme');
    page.dataset.theme = theme in GROUNDS ? theme : 'system';
    if (theme in GROUNDS) {
      document.querySelectorAll('meta[name="theme-color"]').forEach(function (meta) {
        meta.content = GROUNDS[theme];
      });
    }
  }

  function failed(why) {
    if (!document.getElementById('start') && document.readyState !== 'loading') return;
    page.dataset.start = 'failed';
    var say = function () {
      var detail = document.getElementById('start-detail');
      if (detail) detail.textContent = String(why);
    };
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', say);
    else say();
  }

  function watchTheStart() {
    window.waymarkStartFailed = failed;
    // A script that cannot be fetched says so only here, and only while capturing.
    window.addEventListener('error', function (event) {
      if (event.target && event.target.tagName === 'SCRIPT') failed('Not loaded: ' + event.target.src);
    }, true);
    // A link would drop the fragment, and with it the code of an enrolment link.
    document.addEventListener('click', function (event) {
      if (!event.target.closest('#start a')) return;
      event.preventDefault();
      location.reload();
    });
    if (typeof WebAssembly !== 'object' || !('noModule' in HTMLScriptElement.prototype)) {
      failed('This browser has no WebAssembly.');
      return;
    }
    setTimeout(function () {
      if (page.dataset.start === 'waiting') page.dataset.start = 'slow';
    }, SLOW_AFTER);
  }

  function announce() {
    window.waymarkUpdateReady = true;
    window.dispatchEvent(new Event('waymark:update-ready'));
  }

  function watchForUpdates(registration) {
    // With no worker active yet, the one that installs is the first, not an update.
    if (registration.waiting && registration.active) announce();
    registration.addEventListener('updatefound', function () {
      var next = registration.installing;
      if (!next) return;
      next.addEventListener('statechange', function () {
        if (next.state === 'installed' && registration.active) announce();
      });
    });
    var checked = Date.now();
    var check = function () {
      if (document.visibilityState !== 'visible' || Date.now() - checked < CHECK_EVERY) return;
      checked = Date.now();
      // Offline is no error here: the next chance comes.
      registration.update().catch(function () {});
    };
    document.addEventListener('visibilitychange', check);
    window.addEventListener('online', check);
  }

  function serviceWorker() {
    var workers = navigator.serviceWorker;
    if (!workers) return;
    var registered = null;
    var accepted = false;

    // The app calls this when the user says yes and no form is open.
    window.waymarkActivate = function () {
      if (accepted) return;
      accepted = true;
      // Without one waiting, another tab has activated it: a reload is all that is left to do.
      if (registered && registered.waiting) registered.waiting.postMessage({ type: 'activate' });
      else location.reload();
    };
    // Where the server can reach this browser while the app is shut, as JSON; rejects where that cannot be had.
    window.waymarkSubscribe = function (key) {
      return workers.ready.then(function (registration) {
        return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
      }).then(function (subscription) {
        var json = subscription.toJSON();
        return JSON.stringify({ endpoint: json.endpoint, p256dh: json.keys.p256dh, auth: json.keys.auth });
      });
    };
    // Only the page whose user accepted is reloaded: another tab may have a form open.
    workers.addEventListener('controllerchange', function () {
      if (accepted) location.reload();
    });
    workers.addEventListener('message', function (event) {
      var type = event.data && event.data.type;
      if (type === 'wake') window.dispatchEvent(new Event('waymark:wake'));
      if (type === 'open') {
        history.pushState(null, '', event.data.path);
        window.dispatchEvent(new PopStateEvent('popstate'));
      }
    });
    workers.startMessages();
    window.addEventListener('load', function () {
      workers.register('/sw.js', { updateViaCache: 'none' }).then(function (registration) {
        registered = registration;
        watchForUpdates(registration);
        return workers.ready.then(function (ready) {
          // A page that was just being loaded when the first worker took over was left out.
          if (!workers.controller) ready.active.postMessage({ type: 'claim' });
        });
      }, function (why) {
        console.warn('Waymark will not start offline: the service worker was not registered.', why);
      });
    });
  }

  look();
  watchTheStart();
  serviceWorker();
})();
