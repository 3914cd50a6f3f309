-- Each connection rests for a millisecond between two requests: a load that the machine has room for.
function delay()
  return 1
end
