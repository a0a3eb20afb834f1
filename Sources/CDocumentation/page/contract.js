// Swagger UI for the service's contract. It asks nobody but the service: the validator badge is off.

/* global SwaggerUIBundle */

const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();

SwaggerUIBundle({
  url: new URL('../../openapi.json', import.meta.url).href,
  domNode: document.getElementById('contract'),
  validatorUrl: null,
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  onComplete() { document.title = document.querySelector('.info .title')?.firstChild?.textContent ?? document.title; },
});
