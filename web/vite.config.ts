import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

/** The light apps share kiosk.html; every other path is the staff page, as in the Go server. */
const LIGHT = /^\/(kiosk|screen|phone)(\/|\?|$)/

/** Gives the dev server the same fall-back as the program has in production. */
function htmlFallback(): Plugin {
  return {
    name: 'linggong-html-fallback',
    configureServer(server) {
      server.middlewares.use((req, _res, next) => {
        const url = req.url ?? '/'
        const page = req.headers.accept?.includes('text/html')
        if (page && LIGHT.test(url)) req.url = '/kiosk.html'
        else if (page && !url.startsWith('/api') && !url.startsWith('/@')) req.url = '/index.html'
        next()
      })
    },
  }
}

export default defineConfig({
  plugins: [vue(), htmlFallback()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __INTLIFY_DROP_MESSAGE_COMPILER__: false,
  },
  server: { proxy: { '/api': process.env.LINGGONG_DEV_API ?? 'http://127.0.0.1:8080' } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
    rollupOptions: { input: { kiosk: 'kiosk.html', index: 'index.html', docs: 'docs.html' } },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/test-setup.ts'],
  },
})
