declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  interface Request {
    headers: Record<string, string>
  }
  interface Options {
    url: string
    domNode: Element | null
    deepLinking: boolean
    docExpansion: 'list' | 'full' | 'none'
    filter: boolean
    defaultModelsExpandDepth: number
    displayRequestDuration: boolean
    validatorUrl: string | null
    requestInterceptor: (request: Request) => Request
  }
  export default function SwaggerUI(options: Options): unknown
}
