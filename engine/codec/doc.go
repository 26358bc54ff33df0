// Package codec turns Go structs into the forms the cloud speaks and stores, from one compiled plan a type.
//
// A service writes its shapes as plain structs in AWS spelling; the plan of a type is compiled once and knows four forms:
//
//   - JSON, as the awsJson protocols have it ([Plan.DecodeJSON], [Plan.AppendJSON]);
//   - Query strings in and XML out, as the Query protocol has them ([Plan.DecodeQuery], [Plan.AppendXML]);
//   - rows, the compact positional binary of the journal and of snapshots ([Row], [RowAs]);
//   - constraints, checked after decoding ([Plan.Validate]).
//
// # Types
//
// string, bool, int, int32, int64, uint32, uint64, float64, []byte, [Time], structs, pointers to and slices of these, and
// maps keyed by strings. Every field must be exported: a field that would silently not be saved is a panic in [PlanOf].
// Embedded structs are flattened. Types may refer to themselves.
//
// # What is written
//
// An absent value is a nil pointer, slice or map, an empty string or a zero [Time]; it is left out of JSON and XML.
// Numbers and booleans are always written, as are lists and maps which are empty but not nil: AWS answers `"Users": []`
// where a nil list would leave the member out. Use a pointer where zero and absent differ.
//
// EC2 has a dialect of Query: names begin with a capital in requests and without one in answers, lists have no level of
// their own in requests and elements called item in answers ([Plan.DecodeEC2], [Plan.AppendEC2]).
//
// # Tags
//
// The field's name is the wire name. Tags say what deviates:
//
//	`query:"Attribute,flat,key=Name,value=Value"`  the name in Query and XML; flat lists and maps have no .member. or
//	                                               .entry. level; the names inside a map's entry; member=Name for lists
//	                                               whose elements are not called "member"
//	`json:"name"`                                  the name in JSON
//	`is:"required,secret,len=1..80,range=0..900,enum=a|b,pattern=…"`
//
// A pattern comes last and takes the rest of the tag; it must match the whole value, and may hold Java's \u0020 as AWS's
// do. Bounds may be open: `len=1..`. On a list, len counts elements, while enum and pattern hold for each of them.
package codec
