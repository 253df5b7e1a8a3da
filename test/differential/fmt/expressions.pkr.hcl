locals {
  sum=1+2*3-4/5%6
  minus = -1
  minus2 = 1 - -2
  logic = true&&false||true
  compare = 1<2&&3>=4||5!=6&&7==8
  conditional = true?"a":"b"
  conditional2 = var.x==null ? [ ] : [ for y in var.x:y ]
  call=upper( "x" )
  nested = join( ",",[ for s in ["a","b"]:upper(s) ] )
  spread = concat( [1,2]... )
  index = var.list[0].name["key"]
  splat = var.list[*].name
  attr_splat = var.list.*.name
  object={for k,v in var.map:k=>v if v!=null}
  grouped = { for k , v in var.map : v => k... }
  paren = ( 1+2 )*3
  empty_list=[]
  empty_object={}
  list = [ 1,2 , 3 ]
  in_line = { a = 1, b=2 , "c d"=3 }
  quoted = { "a":1, b:2 }
  template="a${var.x}b${ upper( "c" ) }d"
  trimmed = "a${~ var.x ~}b"
  directive = "%{if true}yes%{else}no%{endif}"
  loop = "%{ for x in ["a"] ~}${x}%{ endfor ~}"
  escaped = "$${not} %%{this} \"quoted\" \\ \n"
  multi = [
  1,
    2,
        {
  a = 1
      bbb   = 2
  },
  [
  3 ,4
  ],
  ]
  call_multi = merge(
  { a = 1 },
      {
  b = 2
      },
  )
  cond_multi = (
  true
  ? 1
  : 2
  )
  number = 1.5e10
  big=12345678901234567890
}
