// The contract, readable offline. Only this page loads the reader; no other pays for it.
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js'
import 'swagger-ui-dist/swagger-ui.css'
import './docs.css'

SwaggerUI({
  url: '/api/openapi.json',
  domNode: document.querySelector('#docs'),
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  validatorUrl: null, // nothing leaves this machine
  requestInterceptor: (request) => {
    request.headers['X-Linggong'] = '1' // as our own pages do, so that acts are accepted
    return request
  },
})
