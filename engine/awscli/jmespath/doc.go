// Package jmespath evaluates JMESPath expressions (the CLI's --query) over [ordered] values.
//
// It exists beside github.com/jmespath/go-jmespath because that library's objects are Go maps: the members of a result
// would come out sorted, and those of values(@) or foo.* in a different order at every run. The real CLI keeps the
// service's order. The messages are those of Python's jmespath, which the CLI shows. Tests hold this package to
// go-jmespath's own compliance suite.
package jmespath
