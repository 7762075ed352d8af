# shellcheck shell=bash
# Finds a JDK that is new enough: JAVA_HOME, then /usr/lib/jvm, then PATH.

readonly MIN_JDK=25

# The feature release of the JDK at a home, from its release file (no JVM is started); 0 if there is no JDK.
jdk_version() {
    local line version
    jdk_feature=0
    [[ -x $1/bin/javac && -r $1/release ]] || return 0
    while IFS= read -r line; do
        if [[ $line == JAVA_VERSION=* ]]; then
            version=${line#JAVA_VERSION=}
            version=${version//\"/}
            version=${version%%[!0-9]*}
            jdk_feature=${version:-0}
            return
        fi
    done < "$1/release"
}

# Sets jdk_home, jdk_feature and, if JAVA_HOME names something too old, refused_java_home; 1 if there is no JDK.
find_jdk() {
    local candidate java
    refused_java_home=
    if [[ -n ${JAVA_HOME-} ]]; then
        if is_new_jdk "$JAVA_HOME"; then return 0; fi
        refused_java_home=$JAVA_HOME
    fi
    for candidate in /usr/lib/jvm/*; do
        if is_new_jdk "$candidate"; then return 0; fi
    done
    if java=$(command -v javac); then
        java=$(readlink -f "$java")
        if is_new_jdk "${java%/bin/javac}"; then return 0; fi
    fi
    return 1
}

is_new_jdk() {
    jdk_version "$1"
    [[ $jdk_feature -ge $MIN_JDK ]] || return 1
    jdk_home=$1
}

# The command that gets a JDK here: the archive's own package where there is one (Debian 13, Ubuntu 24.04 with
# updates), else Adoptium's. A machine whose package lists are empty cannot tell, so it is told both.
jdk_remedy() {
    local adoptium="install temurin-25-jdk from Adoptium's apt source (https://adoptium.net/installation/linux)"
    if apt_knows openjdk-25-jdk-headless; then
        echo "apt-get install openjdk-25-jdk-headless"
    else
        echo "apt-get update && apt-get install openjdk-25-jdk-headless; where that is not known (Debian 12): $adoptium," \
            "or unpack a JDK 25 anywhere and set JAVA_HOME to it"
    fi
}
