#!/bin/sh
# A client certificate for one user of a Kubernetes cluster. Needs openssl and kubectl.
#
#   request   (the user)           creates the key and the request in this folder
#   submit    (an administrator)   submits the request to the cluster
#   approve   (another one)        checks the request and approves it
#   fetch     (an administrator)   gets the certificate and deletes the request
#   install   (the user)           adds key and certificate to the kubeconfig
#
# The key stays with the user: @file@.csr goes to the administrator, and @file@.crt comes back.
set -eu
umask 077

name=@name@
user=@user@
subject=@subject@
signer='kubernetes.io/kube-apiserver-client'
expiration=@expiration@

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

# The openssl configuration of the machine could change the request.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf '[req]\ndistinguished_name = dn\n[dn]\n' > "$folder/openssl.cnf"

new_key() {
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"
}

# new_request KEY FILE
new_request() {
  openssl req -new -sha256 -utf8 -config "$folder/openssl.cnf" -key "$1" -subj "$subject" -out "$2"
}

subject_of() {
  openssl req -noout -subject -nameopt RFC2253 -in "$1"
}

get() {
  kubectl get certificatesigningrequest "$name" -o jsonpath="$1"
}

case ${1:-} in
  request)
    [ ! -e "$name.key" ] || fail "$name.key exists: remove it to create a new key"
    new_key "$name.key"
    new_request "$name.key" "$name.csr"
    printf 'Created %s.key, which stays here, and %s.csr for the administrator\n' "$name" "$name"
    ;;
  submit)
    [ -f "$name.csr" ] || fail "No $name.csr here: get it from the user"
    kubectl create -f - <<END
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata:
  name: $name
spec:
  signerName: $signer
  expirationSeconds: $expiration
  usages:
    - digital signature
    - client auth
  request: $(base64 < "$name.csr" | tr -d '\n')
END
    ;;
  approve)
    submitter=$(get '{.spec.username}')
    approver=$(kubectl auth whoami -o jsonpath='{.status.userInfo.username}')
    [ "$submitter" != "$approver" ] || fail "$submitter has submitted the request: another person must approve it"
    terms=$(get '{.spec.signerName} {.spec.expirationSeconds} {.spec.usages}')
    [ "$terms" = "$signer $expiration [\"digital signature\",\"client auth\"]" ] || fail "The request is for something else: $terms"
    get '{.spec.request}' | base64 -d > "$folder/submitted.csr"
    openssl req -noout -verify -in "$folder/submitted.csr" || fail 'The request is not signed with its key'
    # a request from the same script with a temporary key has the expected subject
    new_key "$folder/other.key"
    new_request "$folder/other.key" "$folder/expected.csr"
    submitted=$(subject_of "$folder/submitted.csr")
    expected=$(subject_of "$folder/expected.csr")
    [ "$submitted" = "$expected" ] || fail "The request is for $submitted, not for $expected"
    kubectl certificate approve "$name"
    ;;
  fetch)
    certificate=$(get '{.status.certificate}')
    [ -n "$certificate" ] || fail 'No certificate yet: approve the request, or wait for the signer'
    printf '%s\n' "$certificate" | base64 -d > "$name.crt"
    kubectl delete certificatesigningrequest "$name"
    printf 'Got %s.crt for the user\n' "$name"
    ;;
  install)
    [ -f "$name.crt" ] || fail "No $name.crt here: get it from the administrator"
    openssl x509 -noout -pubkey -in "$name.crt" > "$folder/of-certificate"
    openssl pkey -pubout -in "$name.key" > "$folder/of-key"
    cmp -s "$folder/of-certificate" "$folder/of-key" || fail "$name.crt does not belong to $name.key"
    kubectl config set-credentials --client-certificate="$name.crt" --client-key="$name.key" --embed-certs=true -- "$user"
    ;;
  *)
    fail "usage: $0 request | submit | approve | fetch | install"
    ;;
esac
