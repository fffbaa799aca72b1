terraform {
  required_providers {
    virustotal = {
      source = "virustotal/virustotal"
    }
  }
}

# The API key comes from VIRUSTOTAL_API_KEY, or from ~/.vt.toml, which VirusTotal's CLI writes.
provider "virustotal" {
  requests_per_minute = 4 # The limit of a public API key. Leave it out for a premium key.
}
