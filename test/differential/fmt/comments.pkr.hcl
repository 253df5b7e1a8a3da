/* block
   comment */
locals { # behind the brace
  // first
  a=1 # one
  bb=22   // two
  ccc = 333 /* three */
  # between
  d=4

  e = [ # list
    1, # one
    2, // two
    # three
    3
  ] # end
  /* before */ f = 5
  g = { # object
    h=1 # x
    ii = 2 # y
  }
}
# at the end
