// On a shared device: asks whether somebody is still there before their time is over, and shows nobody what the one
// before did. Without this file the pages lead there by themselves, only less gently.
(function () {
  'use strict'

  // A page that the browser keeps for going back is blank, and asked for again: perhaps it is somebody else's turn.
  window.addEventListener('pagehide', function () { document.body.hidden = true })
  window.addEventListener('pageshow', function (e) { if (e.persisted) location.reload() })

  var dialog = document.getElementById('still')
  if (!dialog || !dialog.showModal) return
  var minute = 60000
  var time = Number(dialog.dataset.minutes) * minute
  var last = Date.now() // when somebody did something here, or in another window
  var told = last // when the server heard of it
  var asked = 0
  var ended = false
  var windows = window.BroadcastChannel ? new BroadcastChannel('shared') : null

  // tell has the server know that somebody is there. Whoever's turn is over is led to the start.
  function tell () {
    told = Date.now()
    var body = new URLSearchParams({ quiet: '1', _sitting: dialog.dataset.sitting })
    fetch('/k/here', { method: 'POST', body: body, redirect: 'manual' })
      .then(function (answer) { if (answer.type === 'opaqueredirect') end() })
      .catch(function () {}) // without a connection, what is on the page stays
  }

  function here () {
    if (ended) return
    if (dialog.open) { // somebody is looking for the button
      asked = Date.now()
      return
    }
    last = Date.now()
    if (windows) windows.postMessage(dialog.dataset.sitting)
    if (last - told >= minute / 2) tell()
  }

  function end () {
    if (ended) return
    ended = true
    document.body.hidden = true
    document.getElementById('over').submit()
  }

  function look () {
    var now = Date.now()
    if (ended) return
    if (dialog.open) {
      if (now - asked >= minute) end()
    } else if (now - last >= time) { // the device was asleep
      end()
    } else if (now - last >= time - minute) {
      asked = now
      dialog.showModal()
    }
  }

  // By its button, by Escape, or because somebody is there in another window.
  dialog.addEventListener('close', function () {
    here()
    if (told < last) tell()
  })
  if (windows) {
    windows.addEventListener('message', function (e) {
      if (e.data !== dialog.dataset.sitting) return
      last = told = Date.now()
      if (dialog.open) dialog.close()
    })
  }
  ;['keydown', 'pointerdown', 'touchstart', 'wheel', 'input'].forEach(function (kind) {
    document.addEventListener(kind, here, { capture: true, passive: true })
  })
  document.addEventListener('visibilitychange', look)
  setInterval(look, 1000)
})()
