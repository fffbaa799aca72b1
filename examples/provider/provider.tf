terraform {
  required_providers {
    virustotal = {
      source = "virustotal/virustotal"
    }
  }
}

# The API key comes from VIRUSTOTAL_API_KEY, or from ~/.vt.toml where `vt init` has written it.
provider "virustotal" {
  requests_per_minute = 4 # What a public key may do. Leave it out for a premium key.
}
