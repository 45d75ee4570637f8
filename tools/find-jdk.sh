# Sourced by the scripts that start Java. They say what `fail MESSAGE` does.

# The feature release of the JDK in a directory, from its release file (Java takes longer to say it); 0 if it has none.
jdk_release() {
  local version=0
  if [[ -x $1/bin/javac && -r $1/release ]]; then
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  fi
  echo "${version:-0}"
}

# The first JDK 25 or later: that of JAVA_HOME, that of the java on the PATH, those in the usual places.
find_jdk() {
  local candidates=("${JAVA_HOME:-}") candidate java
  if java=$(command -v java); then
    candidates+=("$(dirname "$(dirname "$(readlink -f "$java")")")")
  fi
  candidates+=(/usr/lib/jvm/* ~/.sdkman/candidates/java/* ~/.jdks/* /opt/java/*
    /Library/Java/JavaVirtualMachines/*/Contents/Home ~/Library/Java/JavaVirtualMachines/*/Contents/Home)
  for candidate in "${candidates[@]}"; do
    if [[ -n $candidate && $(jdk_release "$candidate") -ge 25 ]]; then
      echo "$candidate"
      return
    fi
  done
  return 1
}

# Exports JAVA_HOME, a JDK 25 or later.
use_jdk() {
  JAVA_HOME=$(find_jdk) || fail "a JDK 25 or later is needed: set JAVA_HOME to one, or put its java on the PATH"
  export JAVA_HOME
}
