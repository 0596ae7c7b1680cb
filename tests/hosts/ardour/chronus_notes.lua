-- SPDX-License-Identifier: ISC
ardour {
  ["type"] = "dsp",
  name = "Chronus Test Notes",
  category = "Utility",
  license = "ISC",
  author = "The Chronus Authors",
  description = [[Holds A4 from 0.25 s to 0.75 s of every second of the session]]
}

function dsp_ioconfig ()
  return { { midi_in = 1, midi_out = 1, audio_in = -1, audio_out = -1 } }
end

local second = 0

function dsp_init (rate)
  second = math.floor (rate)
end

function dsp_run (_, _, n_frames)
  if not Session:transport_rolling () then
    return
  end

  local start = Session:transport_sample ()
  local m = 1
  for i = 1, n_frames do
    local at = (start + i - 1) % second
    if at == second // 4 then
      midiout[m] = { time = i, data = { 0x90, 69, 127 } }
      m = m + 1
    elseif at == 3 * second // 4 then
      midiout[m] = { time = i, data = { 0x80, 69, 0 } }
      m = m + 1
    end
  end
end
