# For scripts that compare builds; needs fail and use_jdk.

# compile_core CLASSES SOURCES LOG: core as Maven compiles it, but without its checks.
compile_core() {
  find "$2/java" -name '*.java' \
    -exec "$JAVA_HOME/bin/javac" --add-modules jdk.incubator.vector -nowarn -d "$1" {} + > "$3" 2>&1 ||
    fail "$2 does not compile: $(cat "$3")"
  [[ ! -d $2/resources ]] || cp -R "$2/resources/." "$1"
}
