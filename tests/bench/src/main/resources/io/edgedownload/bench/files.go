// Serves the files of a folder. Arguments: address to listen on, folder.
package main

import (
	"log"
	"net/http"
	"os"
	"path/filepath"
)

func main() {
	http.HandleFunc("/", func(answer http.ResponseWriter, request *http.Request) {
		file, err := os.Open(filepath.Join(os.Args[2], filepath.Base(request.URL.Path)))
		if err != nil {
			http.NotFound(answer, request)
			return
		}
		defer file.Close()
		status, err := file.Stat()
		if err != nil {
			http.Error(answer, err.Error(), http.StatusInternalServerError)
			return
		}
		answer.Header().Set("Content-Type", "application/octet-stream")
		http.ServeContent(answer, request, "", status.ModTime(), file)
	})
	log.Fatal(http.ListenAndServe(os.Args[1], nil))
}
