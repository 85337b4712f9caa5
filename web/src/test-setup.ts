// Tests speak Chinese first, like the product.
document.documentElement.lang = 'zh-CN'
