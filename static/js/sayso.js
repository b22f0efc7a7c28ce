// Small comforts. Every page does its whole work without this file.
(function () {
  'use strict'

  // What must be mended is read out first.
  var summary = document.querySelector('[data-focus]')
  if (summary) summary.focus()

  // Printing, where it can be done.
  document.querySelectorAll('[data-print]').forEach(function (button) {
    button.hidden = false
    button.addEventListener('click', function () { window.print() })
  })

  // How many letters are left: seen at once, read out after a pause.
  document.querySelectorAll('[data-count-of]').forEach(function (line) {
    var field = document.getElementById(line.dataset.countOf)
    if (!field) return
    var most = Number(line.dataset.most)
    var spoken = document.createElement('div')
    spoken.className = 'nhsuk-u-visually-hidden'
    spoken.setAttribute('aria-live', 'polite')
    line.after(spoken)
    var pause
    function tell () {
      var left = most - Array.from(field.value.trim()).length
      var words = (left < 0 ? line.dataset.over : line.dataset.left).replace('%d', Math.abs(left).toLocaleString(document.documentElement.lang, { numberingSystem: 'latn' }))
      line.textContent = words
      clearTimeout(pause)
      pause = setTimeout(function () { spoken.textContent = words }, 1000)
    }
    field.addEventListener('input', tell)
  })

  // The list of languages closes as people expect.
  document.querySelectorAll('details.s-lang').forEach(function (list) {
    document.addEventListener('click', function (e) { if (!list.contains(e.target)) list.open = false })
    list.addEventListener('keydown', function (e) {
      if (e.key === 'Escape' && list.open) {
        list.open = false
        list.querySelector('summary').focus()
      }
    })
  })

  // Boxes beside "I do not know": the one chosen last counts. Words take its tick away, and are never taken away.
  document.querySelectorAll('form').forEach(function (form) {
    function untick (names, but) {
      form.querySelectorAll(names).forEach(function (i) { if (i !== but) i.checked = false })
    }
    form.addEventListener('change', function (e) {
      if (e.target.name === 'choice' && e.target.checked) untick('[name=skip]')
      if (e.target.name === 'skip' && e.target.checked) untick('[name=skip], [name=choice]', e.target)
    })
    form.addEventListener('input', function (e) {
      if (e.target.name === 'words' && e.target.value.trim()) untick('[name=skip]')
    })
  })

  // A ballot: what is pressed is kept without leaving the place, and the new total is read out.
  function press (e) {
    var form = e.target
    if (!form.closest('[data-ballot]') || !window.fetch || form.dataset.plain) return
    e.preventDefault()
    var data = new URLSearchParams(new FormData(form))
    if (e.submitter) data.set(e.submitter.name, e.submitter.value)
    fetch(form.action, { method: 'POST', body: data })
      .then(function (answer) { return answer.text() })
      .then(function (text) {
        var main = new DOMParser().parseFromString(text, 'text/html').getElementById('main')
        if (!main || !main.querySelector('[data-ballot]')) throw new Error('this is no ballot')
        document.getElementById('main').replaceChildren(...main.childNodes)
        settle(form.closest('li').id)
      })
      .catch(function () { // as if there were no script
        form.dataset.plain = '1'
        delete form.dataset.sent
        form.requestSubmit(e.submitter)
      })
  }

  // What is to be mended gets the focus, else the project that was pressed; the new total is read out.
  function settle (id) {
    var mend = document.querySelector('[data-focus]')
    var button = document.querySelector('#' + id + ' button')
    if (mend) mend.focus()
    else if (button) button.focus({ preventScroll: true })
    total.textContent = ''
    setTimeout(function () { total.textContent = document.getElementById('total').textContent }, 200)
  }

  if (document.querySelector('[data-ballot]')) {
    var total = document.createElement('div')
    total.className = 'nhsuk-u-visually-hidden'
    total.setAttribute('aria-live', 'polite')
    document.body.append(total)
    document.addEventListener('submit', press)
  }

  // A second press within three seconds is a slip of the finger.
  document.addEventListener('submit', function (e) {
    var now = Date.now()
    var before = Number(e.target.dataset.sent || 0)
    if (now - before < 3000) e.preventDefault()
    else e.target.dataset.sent = String(now)
  })
  window.addEventListener('pageshow', function () {
    document.querySelectorAll('form[data-sent]').forEach(function (f) { delete f.dataset.sent })
  })
})()
