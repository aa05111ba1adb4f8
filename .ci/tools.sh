# Tools that are no part of the Rust toolchain: one version each, kept in .ci/cache between runs.

# A folder of the cache for exactly what these files ask for; older ones go. Prints its path.
cache_for() {
  local name=$1 wanted folder
  shift
  wanted=$(cat "$@" | sha256sum | cut -c1-12)
  folder=$PWD/.ci/cache/$name-$wanted
  if [ ! -e "$folder/ready" ]; then
    rm -rf "$PWD/.ci/cache/$name"-*
    mkdir -p "$folder"
  fi
  printf '%s\n' "$folder"
}

# A Python environment for .ci/<name>.txt. Sets `tools` to its bin folder.
python_tools() {
  local name=$1 cache
  cache=$(cache_for "$name" ".ci/$name.txt")
  if [ ! -e "$cache/ready" ]; then
    step "install .ci/$name.txt into $cache"
    python3 -m venv "$cache"
    "$cache/bin/pip" install --quiet --disable-pip-version-check -r ".ci/$name.txt"
    touch "$cache/ready"
  fi
  tools=$cache/bin
}

# The packages of .ci/node. Sets `tools` to the folder of their commands.
node_tools() {
  local cache
  cache=$(cache_for node .ci/node/package.json .ci/node/package-lock.json)
  if [ ! -e "$cache/ready" ]; then
    step "install .ci/node into $cache"
    cp .ci/node/package.json .ci/node/package-lock.json "$cache"
    npm ci --prefix "$cache" --ignore-scripts --no-audit --no-fund --loglevel=error
    touch "$cache/ready"
  fi
  tools=$cache/node_modules/.bin
}
