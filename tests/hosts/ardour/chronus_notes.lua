ardour {
  ["type"] = "dsp",
  name = "Chronus Test Notes",
  category = "Utility",
  license = "ISC",
  author = "The Chronus Authors",
  description = [[Plays A4 from 0.25 s to 0.75 s of every second]]
}

function dsp_ioconfig ()
  return { { midi_in = 1, midi_out = 1, audio_in = -1, audio_out = -1 } }
end

local frame, second = 0, 0

function dsp_init (rate)
  second = math.floor (rate)
end

function dsp_run (_, _, n_frames)
  local m = 1
  for i = 1, n_frames do
    local at = frame % second
    if at == second // 4 then
      midiout[m] = { time = i, data = { 0x90, 69, 127 } }
      m = m + 1
    elseif at == 3 * second // 4 then
      midiout[m] = { time = i, data = { 0x80, 69, 0 } }
      m = m + 1
    end
    frame = frame + 1
  end
end
