# Makes the tokens of the admin API when they are not there yet: of operators, and of those who may look.
set -eu
umask 022 # Who reads them has users of their own in their containers; the volume is for them alone.
for name in operator reader; do
  if [ ! -s "/tokens/$name" ]; then
    head -c 24 /dev/urandom | base64 | tr '+/' '-_' > "/tokens/$name.new"
    mv "/tokens/$name.new" "/tokens/$name"
  fi
done
echo "token of operators: $(cat /tokens/operator)"
echo "token of those who look: $(cat /tokens/reader)"
